/* archive_support.h: zip files made in memory. */
#ifndef TRIBUTARY_TESTS_ARCHIVE_SUPPORT_H
#define TRIBUTARY_TESTS_ARCHIVE_SUPPORT_H

#include <zip.h>

#include "unit/common_support.h"

enum { MOST_READ = 64 * 1024 * 1024 };

struct made_member {
    const char *name, *text; /* NULL text: `blanks` blanks */
    size_t blanks;
};

struct made_file {
    char *bytes; /* to be freed */
    size_t length;
};

/* Exactly the bytes, so that a read past them is seen. */
static inline struct made_file take_source(zip_source_t *source)
{
    struct made_file file = {0};
    zip_stat_t stat;

    cr_assert_eq(zip_source_open(source), 0);
    cr_assert_eq(zip_source_stat(source, &stat), 0);
    file.length = stat.size;
    file.bytes = malloc(file.length ? file.length : 1);
    cr_assert_eq((size_t)zip_source_read(source, file.bytes, file.length), file.length);
    zip_source_close(source);
    zip_source_free(source);
    return file;
}

static inline struct made_file make_archive(const struct made_member *members, size_t count)
{
    zip_error_t error;
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);

    cr_assert_not_null(zip);
    zip_source_keep(source);
    for (size_t i = 0; i < count; i++) {
        size_t length = members[i].text ? strlen(members[i].text) : members[i].blanks;
        char *copy = malloc(length + 1);

        if (members[i].text)
            memcpy(copy, members[i].text, length);
        else
            memset(copy, ' ', length);
        cr_assert_geq(zip_file_add(zip, members[i].name, zip_source_buffer(zip, copy, length, 1), 0), 0);
    }
    cr_assert_eq(zip_close(zip), 0, "%s", zip_strerror(zip));
    return take_source(source);
}

#endif
