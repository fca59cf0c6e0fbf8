# The three commands to know: make build, make test, make demo.
SWIFT ?= swift
NESS = .build/release/ness
SWIFT_SOURCES = Sources Tests Package.swift bench/ness-bench
C_SOURCES = $(shell git ls-files 'CKernels/*.[ch]' 'Sources/CNESSFiles/*.[ch]' 'Tests/*.[ch]')

.PHONY: help setup build test demo bench doc man format lint clean

help: ## lists the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## installs the system packages of .ci/packages.txt (with sudo unless root)
	.ci/setup

build: setup ## builds library and commands, optimized
	$(SWIFT) build -c release

test: setup ## runs all tests in debug
	OPENBLAS_NUM_THREADS=1 $(SWIFT) test --disable-xctest

demo: build ## runs the example: table here, data and pictures in out/
	mkdir -p out
	$(NESS) run Examples/clock-ring.toml --output out/clock-ring.json --output out/clock-ring.txt \
	  --plot out/clock-ring.svg --plot out/clock-ring.png
	cat out/clock-ring.txt

bench: build ## measures (bench/README.md says how)
	@if [ -x .build/release/ness-bench ]; then .build/release/ness-bench; \
	else echo "there are no benchmarks in this version" >&2; exit 1; fi

doc: setup ## writes the documentation of the library to out/doc
	mkdir -p out
	$(SWIFT) package --allow-writing-to-directory out/doc generate-documentation --target NESSKit \
	  --output-path out/doc

man: setup ## writes the manual page to out/man
	mkdir -p out/man
	$(SWIFT) package generate-manual --multi-page
	cp .build/plugins/GenerateManual/outputs/ness/*.1 out/man/

format: ## lays out all sources
	$(SWIFT) format format -ri $(SWIFT_SOURCES)
	clang-format -i $(C_SOURCES)

lint: ## checks the layout of all sources
	$(SWIFT) format lint -rs $(SWIFT_SOURCES)
	clang-format --dry-run -Werror $(C_SOURCES)

clean: ## removes what the other targets made
	rm -rf .build .build-* out
