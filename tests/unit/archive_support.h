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
    char *blanks;
    size_t most = 0;

    cr_assert_not_null(zip);
    zip_source_keep(source);
    for (size_t i = 0; i < count; i++)
        most = members[i].blanks > most ? members[i].blanks : most;
    blanks = malloc(most + 1);
    memset(blanks, ' ', most + 1);
    for (size_t i = 0; i < count; i++) {
        size_t length = members[i].text ? strlen(members[i].text) : members[i].blanks;
        const char *bytes = members[i].text ? members[i].text : blanks;

        cr_assert_geq(zip_file_add(zip, members[i].name, zip_source_buffer(zip, bytes, length, 0), 0), 0);
    }
    cr_assert_eq(zip_close(zip), 0, "%s", zip_strerror(zip));
    free(blanks);
    return take_source(source);
}

#endif
