/* fuzz_xlsx.c: the parts of an XLSX file to cells, to a document. An input that begins like an archive is one; any other
 * is a text of parts, "=== NAME" on a line before each, which is packed first, so that its XML is reached. */
#include <zip.h>

#include "fuzz/fuzz_sheets.h"

enum { MOST_PARTS = 20, MOST_NAME = 100 };

static const char divider[] = "=== ";

static void add_part(zip_t *zip, const char *name, size_t name_length, const char *bytes, size_t length)
{
    char member[MOST_NAME + 1];
    zip_source_t *source = zip_source_buffer(zip, bytes, length, 0);

    if (name_length > MOST_NAME)
        name_length = MOST_NAME;
    memcpy(member, name, name_length);
    member[name_length] = '\0';
    zip_int64_t index = zip_file_add(zip, member, source, 0);

    if (index < 0) /* twice the same name, or no name for a file */
        zip_source_free(source);
    else
        zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
}

static void add_parts(zip_t *zip, const char *bytes, size_t length)
{
    const char *end = bytes + length, *part = bytes;

    for (size_t i = 0; i < MOST_PARTS && part; i++) {
        const char *name = part + sizeof divider - 1, *line;
        const char *next;

        if (end - part < (long)sizeof divider || memcmp(part, divider, sizeof divider - 1) != 0)
            return;
        line = memchr(name, '\n', (size_t)(end - name));
        if (!line)
            return;
        next = memmem(line, (size_t)(end - line), "\n=== ", 5);
        add_part(zip, name, (size_t)(line - name), line + 1,
                 next > line ? (size_t)(next - line) - 1
                 : next      ? 0
                             : (size_t)(end - line) - 1);
        part = next ? next + 1 : NULL;
    }
}

/* The parts as a zip file; the caller frees it. NULL if there is none. */
static char *pack(const char *bytes, size_t length, size_t *ret_length)
{
    zip_error_t error;
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_TRUNCATE, &error) : NULL;
    zip_stat_t stat;
    char *packed = NULL;

    CLAIM(zip);
    zip_source_keep(source);
    add_parts(zip, bytes, length);
    if (zip_get_num_entries(zip, 0) > 0 && zip_close(zip) == 0 && zip_source_open(source) == 0) {
        CLAIM(zip_source_stat(source, &stat) == 0);
        packed = malloc(stat.size);
        CLAIM(packed && zip_source_read(source, packed, stat.size) == (zip_int64_t)stat.size);
        *ret_length = stat.size;
        zip_source_close(source);
    } else {
        zip_discard(zip);
    }
    zip_source_free(source);
    return packed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    size_t length;
    char *packed = NULL;

    if (size >= 4 && memcmp(bytes, "PK", 2) == 0) {
        fuzz_read_twice(grid_read_file, bytes, size);
        return 0;
    }
    packed = pack(bytes, size, &length);
    if (packed)
        fuzz_read_twice(grid_read_file, packed, length);
    free(packed);
    return 0;
}
