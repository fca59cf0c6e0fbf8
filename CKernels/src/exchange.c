// Columns of exp(-iA) by Chebyshev polynomials (H. Tal-Ezer & R. Kosloff, J. Chem. Phys. 81, 3967
// (1984)):
//   exp(-i rho B) = J_0(rho) + 2 sum_n (-i)^n J_n(rho) T_n(B),   |B| <= 1.
// A is real, so the vectors T_n(B) e are: even n make up the real part of a column, odd n the
// imaginary one.
//
// A column starts at one level. Leaving it by r levels takes r factors of the hop, so the column is
// cut at `radius` levels, and T_n reaches (n + 2)/3 levels only: between two hops in the same
// direction both bits have to flip. Values of the second counter are the lanes of all inner loops.
// A coupling to it depends on the difference of lane and level: it is read from one table with an
// offset. States without a counter value (k < 0, or too large) take part, but nothing reaches them:
// their couplings to the counters vanish, and the hop leaves both counters alone.

#include "exchange_private.h"
#include "ness_exchange.h"
#include "ness_internal.h"

#include <math.h>

enum { LANES = NESS_EXCHANGE_LANES, CELL = 4 * LANES };

// Products of weights below this change nothing.
static const double NEGLIGIBLE = 1e-21;

typedef struct workspace {
  int64_t width;    // Levels of a window.
  int64_t pad;      // Zeros in front of the tables.
  double *now;      // (width + 2) cells: T_n, with an empty cell at each end.
  double *other;    // The same for T_(n-1), then T_(n+1).
  double *columns;  // Real and imaginary parts of two columns, (width + 2) cells each.
  double *coupling; // Table of second_coupling sqrt(k), zero where there is no such k.
  double *bessel;   // Coefficients of the expansion.
  int64_t capacity; // How many fit.
} workspace;

// One unit and one set of lanes.
typedef struct batch {
  const ness_exchange *map;
  int64_t low, high; // Levels of the window.
  int64_t k1, k2;    // Counters of the first lane.
  double shift, rho; // A = shift + rho B.
  int64_t terms;
} batch;

int64_t ness_exchange_unit(int64_t radius) {
  return (int64_t)NESS_EXCHANGE_SLOTS * NESS_EXCHANGE_SLOTS * (2 * radius + 2);
}

static int64_t at_least(int64_t a, int64_t b) {
  return a > b ? a : b;
}

static int64_t at_most(int64_t a, int64_t b) {
  return a < b ? a : b;
}

// c_n = (2 - [n = 0]) J_n(rho) by downward recurrence (J. C. P. Miller), for n below the number
// returned; the rest is below rounding.
static int64_t coefficients(double rho, int64_t capacity, double *c) {
  double above = 0, value = 1e-280, sum = 0;
  for (int64_t n = capacity - 1; n >= 0; --n) {
    c[n] = value;
    sum += n == 0 ? value : n % 2 == 0 ? 2 * value : 0;
    if (n > 0) {
      const double below = 2 * (double)n / rho * value - above;
      above = value;
      value = below;
    }
    if (fabs(value) > 1e250) {
      for (int64_t m = n; m < capacity; ++m) {
        c[m] *= 1e-250;
      }
      above *= 1e-250;
      value *= 1e-250;
      sum *= 1e-250;
    }
  }
  int64_t terms = 1;
  for (int64_t n = 0; n < capacity; ++n) {
    c[n] *= (n == 0 ? 1 : 2) / sum;
    terms = fabs(c[n]) > 1e-19 ? n + 1 : terms;
  }
  return terms;
}

// Orders from which the downward recurrence starts: J_n(rho) is far below rounding there.
static int64_t needed_coefficients(double rho) {
  return (int64_t)(rho + 14 * cbrt(rho)) + 40;
}

// next = factor A' now - next on the cells first ... last, and sum += weight next. Cells are
// counted from the lower end of the window; `d` and `a` belong to a cell, `b` is the table of
// couplings for cell 0, which moves back by one per cell.
NESS_CLONES static void advance(int64_t first, int64_t last, const double *restrict d,
                                const double *restrict a, const double *restrict b, double hop,
                                double factor, double weight, const double *restrict now,
                                double *restrict next, double *restrict sum) {
  const double fh = factor * hop;
  for (int64_t cell = first; cell <= last; ++cell) {
    const double *x = now + (cell + 1) * CELL;
    // Beyond the window stands an empty cell.
    const double *above = x + CELL + 2 * LANES, *below = x - CELL + LANES;
    double *y = next + (cell + 1) * CELL, *s = sum + (cell + 1) * CELL;
    const double *couplings = b - cell;
    const double fd = factor * d[cell], fa = factor * a[cell];
    for (int lane = 0; lane < LANES; ++lane) {
      const double fb = factor * couplings[lane];
      const double x00 = x[lane], x01 = x[LANES + lane];
      const double x10 = x[2 * LANES + lane], x11 = x[3 * LANES + lane];
      const double y00 = fd * x00 + fa * x10 + fb * x01 - y[lane];
      const double y01 = fd * x01 + fa * x11 + fb * x00 + fh * above[lane] - y[LANES + lane];
      const double y10 = fd * x10 + fa * x00 + fb * x11 + fh * below[lane] - y[2 * LANES + lane];
      const double y11 = fd * x11 + fa * x01 + fb * x10 - y[3 * LANES + lane];
      y[lane] = y00;
      y[LANES + lane] = y01;
      y[2 * LANES + lane] = y10;
      y[3 * LANES + lane] = y11;
      s[lane] += weight * y00;
      s[LANES + lane] += weight * y01;
      s[2 * LANES + lane] += weight * y10;
      s[3 * LANES + lane] += weight * y11;
    }
  }
}

static void clear(int64_t count, double *values) {
  for (int64_t i = 0; i < count; ++i) {
    values[i] = 0;
  }
}

// Column number `column` of the batch: from bits `bits` (2 n1 + n2) at a level.
static void evolve(const batch *of, int bits, int64_t level, int column, workspace *work, double *d,
                   double *a) {
  const ness_exchange *map = of->map;
  const int64_t width = of->high - of->low + 1, size = (width + 2) * CELL;
  // Conserved: q1 = n1 + k1 - l and, for the first lane, q2 = n2 + k2 + l.
  const int64_t q1 = (bits >> 1) + of->k1 - level, q2 = (bits & 1) + of->k2 + level;
  for (int64_t cell = 0; cell < width; ++cell) {
    const int64_t here = of->low + cell, k = q1 + here;
    d[cell] = map->diagonal[here] - of->shift;
    a[cell] = k >= 1 && k < map->first_count ? map->first_coupling * sqrt((double)k) : 0;
  }
  const double *b = work->coupling + work->pad + q2 - of->low;
  double *parts[2] = {work->columns + 2 * column * (work->width + 2) * CELL,
                      work->columns + (2 * column + 1) * (work->width + 2) * CELL};
  double *now = work->now, *other = work->other;
  clear(size, now);
  clear(size, other);
  clear(size, parts[0]);
  clear(size, parts[1]);
  const int64_t start = level - of->low;
  for (int lane = 0; lane < LANES; ++lane) {
    now[(start + 1) * CELL + bits * LANES + lane] = 1;
    parts[0][(start + 1) * CELL + bits * LANES + lane] = work->bessel[0];
  }
  for (int64_t n = 1; n < of->terms; ++n) {
    const int64_t reach = (n + 2) / 3;
    // (-i)^n: 1, -i, -1, i.
    const double weight = (n % 4 == 1 || n % 4 == 2 ? -1 : 1) * work->bessel[n];
    advance(at_least(0, start - reach), at_most(width - 1, start + reach), d, a, b, map->hop,
            (n == 1 ? 1 : 2) / of->rho, weight, now, other, parts[n % 2]);
    double *const swap = now;
    now = other;
    other = swap;
  }
}

// The table of couplings for all offsets that a window can ask for.
static void fill_table(const ness_exchange *map, const workspace *work, int64_t size) {
  for (int64_t at = 0; at < size; ++at) {
    const int64_t k = at - work->pad;
    work->coupling[at] =
        k >= 1 && k < map->second_count ? map->second_coupling * sqrt((double)k) : 0;
  }
}

static void window(const ness_exchange *map, int64_t unit, int64_t *low, int64_t *high) {
  *low = at_least(0, unit - 1 - map->radius);
  *high = at_most(map->levels - 1, unit + map->radius);
}

// Middle and half of the range of the diagonal in a window.
static void range(const ness_exchange *map, int64_t low, int64_t high, double *middle,
                  double *half) {
  double least = map->diagonal[low], most = least;
  for (int64_t l = low + 1; l <= high; ++l) {
    least = fmin(least, map->diagonal[l]);
    most = fmax(most, map->diagonal[l]);
  }
  *middle = least / 2 + most / 2;
  *half = most / 2 - least / 2;
}

// Largest coupling to a counter that starts at k or below.
static double largest(double coupling, int64_t k, int64_t radius, int64_t count) {
  return fabs(coupling) * sqrt((double)at_most(count - 1, k + radius + 3));
}

// All six columns of a unit, summed over the counters.
static void unit_columns(const ness_exchange *map, int64_t unit, workspace *work, double *d,
                         double *a, double *out) {
  const int64_t level = unit - 1, block = (2 * map->radius + 2) * NESS_EXCHANGE_SLOTS;
  batch of = {.map = map};
  double half;
  window(map, unit, &of.low, &of.high);
  range(map, of.low, of.high, &of.shift, &half);
  const int64_t width = of.high - of.low + 1, part = (work->width + 2) * CELL;
  // The first cell of the window in `out`.
  out += (of.low - (level - map->radius)) * NESS_EXCHANGE_SLOTS;
  const ness_exchange_column phi = {work->columns + CELL, work->columns + part + CELL};
  const ness_exchange_column chi = {phi.re + 2 * part, phi.im + 2 * part};
  for (of.k1 = 0; of.k1 < map->first_count; ++of.k1) {
    const double first = map->first_weights[of.k1];
    for (of.k2 = 0; of.k2 < map->second_count; of.k2 += LANES) {
      if (first * map->second_weights[of.k2] < NEGLIGIBLE) {
        break;
      }
      double weights[LANES];
      for (int lane = 0; lane < LANES; ++lane) {
        const int64_t k = of.k2 + lane;
        weights[lane] = k < map->second_count ? first * map->second_weights[k] : 0;
      }
      of.rho = half + fabs(map->hop) +
               largest(map->first_coupling, of.k1, map->radius, map->first_count) +
               largest(map->second_coupling, of.k2 + LANES, map->radius, map->second_count);
      // The expansion divides by rho.
      of.rho = fmax(of.rho, 1e-3);
      of.terms =
          coefficients(of.rho, at_most(work->capacity, needed_coefficients(of.rho)), work->bessel);
      if (level >= 0) {
        for (int bits = 0; bits < 4; bits += 3) {
          evolve(&of, bits, level, 0, work, d, a);
          ness_exchange_add_squares(width, weights, phi, out + bits * block);
        }
        evolve(&of, 1, level, 0, work, d, a);
        ness_exchange_add_squares(width, weights, phi, out + block);
      }
      if (level + 1 < map->levels) {
        evolve(&of, 2, level + 1, 1, work, d, a);
        ness_exchange_add_squares(width, weights, chi, out + 2 * block);
      }
      if (level >= 0 && level + 1 < map->levels) {
        ness_exchange_add_products(width, weights, phi, chi, out + 4 * block, out + 5 * block);
      }
    }
  }
}

static bool is_valid(const ness_exchange *map, int64_t begin, int64_t end) {
  if (map->levels < 1 || map->radius < 0 || map->first_count < 1 || map->second_count < 1 ||
      begin < 0 || end < begin || end > map->levels + 1) {
    return false;
  }
  bool finite =
      isfinite(map->hop) && isfinite(map->first_coupling) && isfinite(map->second_coupling) != 0;
  for (int64_t l = 0; l < map->levels; ++l) {
    finite = finite && isfinite(map->diagonal[l]);
  }
  return finite;
}

ness_status ness_exchange_columns(const ness_exchange *map, int64_t begin, int64_t end,
                                  double *out) {
  if (!is_valid(map, begin, end)) {
    return NESS_ERR_ARGUMENT;
  }
  double rho = 0;
  for (int64_t unit = begin; unit < end; ++unit) {
    int64_t low, high;
    double middle, half;
    window(map, unit, &low, &high);
    range(map, low, high, &middle, &half);
    rho = fmax(rho, half);
  }
  rho += fabs(map->hop) + largest(map->first_coupling, map->first_count, 0, map->first_count) +
         largest(map->second_coupling, map->second_count, 0, map->second_count);
  if (!(rho < 1e9)) {
    return NESS_ERR_ARGUMENT;
  }
  workspace work = {.width = at_most(map->levels, 2 * map->radius + 2),
                    .capacity = needed_coefficients(fmax(rho, 1e-3))};
  work.pad = work.width + LANES + 2;
  const int64_t table = map->second_count + 2 * work.pad + LANES, cells = (work.width + 2) * CELL;
  work.now = ness_alloc(cells, sizeof *work.now);
  work.other = ness_alloc(cells, sizeof *work.other);
  work.columns = ness_calloc(4 * cells, sizeof *work.columns);
  work.coupling = ness_alloc(table, sizeof *work.coupling);
  work.bessel = ness_alloc(work.capacity, sizeof *work.bessel);
  double *const levels = ness_alloc(2 * work.width, sizeof *levels);
  ness_status status = NESS_ERR_MEMORY;
  if (work.now == NULL || work.other == NULL || work.columns == NULL || work.coupling == NULL ||
      work.bessel == NULL || levels == NULL) {
    goto done;
  }
  fill_table(map, &work, table);
  const int64_t size = ness_exchange_unit(map->radius);
  clear((end - begin) * size, out);
  for (int64_t unit = begin; unit < end; ++unit) {
    unit_columns(map, unit, &work, levels, levels + work.width, out + (unit - begin) * size);
  }
  status = NESS_OK;
done:
  ness_free(levels);
  ness_free(work.bessel);
  ness_free(work.coupling);
  ness_free(work.columns);
  ness_free(work.other);
  ness_free(work.now);
  return status;
}
