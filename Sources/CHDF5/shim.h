/* The headers of HDF5 are included from C sources only: its constants do not import into Swift. */
