/* archive_pack.c: libzip, writing into memory. */
#include "sheet/archive_pack.h"

#include <zip.h>

enum { FIXED_DOS_DATE = 1 << 5 | 1 /* 1980-01-01 */ };

static bool add_part(zip_t *archive, const struct archive_part *part)
{
    zip_source_t *source = zip_source_buffer(archive, part->bytes, part->length, 0);
    zip_int64_t added = source ? zip_file_add(archive, part->name, source, ZIP_FL_ENC_UTF_8) : -1;

    if (added < 0) {
        zip_source_free(source);
        return false;
    }
    zip_uint64_t index = (zip_uint64_t)added;

    return zip_set_file_compression(archive, index, part->stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0) == 0 &&
           zip_file_set_dostime(archive, index, 0, FIXED_DOS_DATE, 0) == 0;
}

/* What the archive's memory holds, once it is closed. */
static bool read_archive(zip_source_t *source, struct buffer *out)
{
    char chunk[16384];
    zip_int64_t got = 0;

    if (zip_source_open(source) != 0)
        return false;
    while (!out->failed && (got = zip_source_read(source, chunk, sizeof chunk)) > 0)
        buffer_append(out, chunk, (size_t)got);
    zip_source_close(source);
    return got == 0 && !out->failed;
}

bool archive_pack(const struct archive_part *parts, size_t count, struct buffer *out)
{
    zip_error_t error;
    zip_source_t *source;
    zip_t *archive;
    bool good = true;

    zip_error_init(&error);
    source = zip_source_buffer_create(NULL, 0, 0, &error);
    archive = source ? zip_open_from_source(source, ZIP_TRUNCATE, &error) : NULL;
    zip_error_fini(&error);
    if (!archive) {
        zip_source_free(source);
        return false;
    }
    zip_source_keep(source);
    for (size_t i = 0; good && i < count; i++)
        good = add_part(archive, &parts[i]);
    if (!good || zip_close(archive) != 0) {
        zip_discard(archive);
        good = false;
    }
    good = good && read_archive(source, out);
    zip_source_free(source);
    return good;
}
