/* archive_change.c: libzip copies the members that nobody touched; the others are deflated anew with a fixed time, so that
 * the same change gives the same bytes. */
#include "sheet/archive_change.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum {
    PIECE = 64 * 1024,
    /* 2020-01-01 00:00:00 as DOS writes it */
    FIXED_DATE = (2020 - 1980) << 9 | 1 << 5 | 1,
    FIXED_TIME = 0
};

static const struct name failed_words = {{"檔案無法改寫，請重新存檔", "the file can't be rewritten; save it again"}};

static bool change_member(zip_t *zip, const struct archive_change *change)
{
    zip_source_t *source = zip_source_buffer(zip, change->text, change->length, 0);
    zip_int64_t index = zip_name_locate(zip, change->name, ZIP_FL_NOCASE);

    if (!source)
        return false;
    if (index >= 0 ? zip_file_replace(zip, (zip_uint64_t)index, source, 0) != 0
                   : (index = zip_file_add(zip, change->name, source, ZIP_FL_ENC_UTF_8)) < 0) {
        zip_source_free(source);
        return false;
    }
    return zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, 0) == 0 &&
           zip_file_set_dostime(zip, (zip_uint64_t)index, FIXED_TIME, FIXED_DATE, 0) == 0;
}

static bool append_source(zip_source_t *source, struct buffer *out)
{
    static const zip_int64_t failed = -1;
    char piece[PIECE];
    zip_int64_t got = failed;

    if (zip_source_open(source) != 0)
        return false;
    while ((got = zip_source_read(source, piece, sizeof piece)) > 0 && buffer_append(out, piece, (size_t)got))
        continue;
    zip_source_close(source);
    return got == 0 && !out->failed;
}

/* A copy that libzip owns: where it can go on behind members that stay, libzip up to 1.7.3 frees the bytes it was given,
 * also those that were to stay the caller's. */
static zip_source_t *copy_source(const char *bytes, size_t length)
{
    char *copy = malloc(length ? length : 1);
    zip_source_t *source;

    if (!copy)
        return NULL;
    memcpy(copy, bytes, length);
    source = zip_source_buffer_create(copy, length, 1, NULL);
    if (!source)
        free(copy);
    return source; /* NOLINT(clang-analyzer-unix.Malloc): the copy is libzip's now */
}

enum archive_outcome archive_write(const char *bytes, size_t length, const struct archive_change *changes, size_t count,
                                   struct buffer *out, const struct name **ret_refusal)
{
    zip_source_t *source = copy_source(bytes, length);
    zip_t *zip = source ? zip_open_from_source(source, 0, NULL) : NULL;
    bool good = zip != NULL;

    if (good)
        zip_source_keep(source);
    for (size_t i = 0; good && i < count; i++)
        good = change_member(zip, &changes[i]);
    if (good && zip_close(zip) == 0)
        zip = NULL;
    else
        good = false;
    if (zip)
        zip_discard(zip);
    good = good && append_source(source, out);
    zip_source_free(source);
    if (good)
        return ARCHIVE_GOOD;
    *ret_refusal = &failed_words;
    return out->failed ? ARCHIVE_OUT_OF_MEMORY : ARCHIVE_REFUSED;
}
