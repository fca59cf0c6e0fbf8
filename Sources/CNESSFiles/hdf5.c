/* Writes HDF5 files in memory (core driver without backing store), so that a result reaches the
   disk through the same temporary file and rename as every other format. */
#include "ness_files.h"

#if !__has_include(<hdf5.h>)
#error "HDF5 headers are missing: install libhdf5-dev (pkg-config name hdf5-serial)"
#endif
#include <hdf5.h>
#include <stdlib.h>

struct ness_h5 {
  hid_t file;
  hid_t text; /* variable-length UTF-8 */
};

/* HDF5 prints its error stack unless told otherwise; failures are reported by return value here. */
static void silence(void) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

ness_h5 *ness_h5_create(void) {
  silence();
  ness_h5 *file = malloc(sizeof *file);
  if (file == NULL) {
    return NULL;
  }
  file->file = H5I_INVALID_HID;
  file->text = H5Tcopy(H5T_C_S1);
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  const size_t increment = (size_t)1 << 20;
  if (file->text >= 0 && access >= 0 && H5Tset_size(file->text, H5T_VARIABLE) >= 0 &&
      H5Tset_cset(file->text, H5T_CSET_UTF8) >= 0 && H5Pset_fapl_core(access, increment, 0) >= 0) {
    file->file = H5Fcreate("ness.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access);
  }
  if (access >= 0) {
    H5Pclose(access);
  }
  if (file->file < 0) {
    ness_h5_destroy(file);
    return NULL;
  }
  return file;
}

void ness_h5_destroy(ness_h5 *file) {
  if (file == NULL) {
    return;
  }
  if (file->file >= 0) {
    H5Fclose(file->file);
  }
  if (file->text >= 0) {
    H5Tclose(file->text);
  }
  free(file);
}

bool ness_h5_group(ness_h5 *file, const char *path) {
  const hid_t group = H5Gcreate2(file->file, path, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  return group >= 0 && H5Gclose(group) >= 0;
}

/* Writes one attribute; takes over and closes `space`. */
static bool put(ness_h5 *file, const char *path, const char *name, hid_t type, hid_t space,
                const void *values) {
  if (space < 0) {
    return false;
  }
  const hid_t attribute =
      H5Acreate_by_name(file->file, path, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  const bool empty = H5Sget_simple_extent_npoints(space) == 0;
  bool good = attribute >= 0 && (empty || H5Awrite(attribute, type, values) >= 0);
  if (attribute >= 0) {
    good = H5Aclose(attribute) >= 0 && good;
  }
  return H5Sclose(space) >= 0 && good;
}

static hid_t vector_space(size_t count) {
  const hsize_t size = count;
  return H5Screate_simple(1, &size, NULL);
}

bool ness_h5_put_text(ness_h5 *file, const char *path, const char *name, const char *value) {
  return put(file, path, name, file->text, H5Screate(H5S_SCALAR), &value);
}

bool ness_h5_put_integer(ness_h5 *file, const char *path, const char *name, int64_t value) {
  return put(file, path, name, H5T_NATIVE_INT64, H5Screate(H5S_SCALAR), &value);
}

bool ness_h5_put_real(ness_h5 *file, const char *path, const char *name, double value) {
  return put(file, path, name, H5T_NATIVE_DOUBLE, H5Screate(H5S_SCALAR), &value);
}

bool ness_h5_put_texts(ness_h5 *file, const char *path, const char *name, size_t count,
                       const char *const *values) {
  return put(file, path, name, file->text, vector_space(count), values);
}

bool ness_h5_put_reals(ness_h5 *file, const char *path, const char *name, size_t count,
                       const double *values) {
  return put(file, path, name, H5T_NATIVE_DOUBLE, vector_space(count), values);
}

bool ness_h5_put_integers(ness_h5 *file, const char *path, const char *name, size_t count,
                          const int64_t *values) {
  return put(file, path, name, H5T_NATIVE_INT64, vector_space(count), values);
}

/* Writes one dataset; takes over and closes `space`. */
static bool add(ness_h5 *file, const char *path, hid_t type, hid_t space, const void *values) {
  if (space < 0) {
    return false;
  }
  const hid_t dataset =
      H5Dcreate2(file->file, path, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  const bool empty = H5Sget_simple_extent_npoints(space) == 0;
  bool good = dataset >= 0 &&
              (empty || H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
  if (dataset >= 0) {
    good = H5Dclose(dataset) >= 0 && good;
  }
  return H5Sclose(space) >= 0 && good;
}

bool ness_h5_add_matrix(ness_h5 *file, const char *path, size_t rows, size_t columns,
                        const double *values) {
  const hsize_t sizes[2] = {rows, columns};
  return add(file, path, H5T_NATIVE_DOUBLE, H5Screate_simple(2, sizes, NULL), values);
}

bool ness_h5_add_reals(ness_h5 *file, const char *path, size_t count, const double *values) {
  return add(file, path, H5T_NATIVE_DOUBLE, vector_space(count), values);
}

bool ness_h5_add_integers(ness_h5 *file, const char *path, size_t count, const int64_t *values) {
  return add(file, path, H5T_NATIVE_INT64, vector_space(count), values);
}

bool ness_h5_add_texts(ness_h5 *file, const char *path, size_t count, const char *const *values) {
  return add(file, path, file->text, vector_space(count), values);
}

bool ness_h5_image(ness_h5 *file, void *bytes, size_t capacity, size_t *size) {
  if (H5Fflush(file->file, H5F_SCOPE_GLOBAL) < 0) {
    return false;
  }
  const ssize_t needed = H5Fget_file_image(file->file, NULL, 0);
  if (needed < 0) {
    return false;
  }
  *size = (size_t)needed;
  if (bytes == NULL) {
    return true;
  }
  return capacity >= *size && H5Fget_file_image(file->file, bytes, capacity) == needed;
}
