/* package.h: the frame of a zip file: its directory, walked without inflating anything. Private to attachment/. */
#ifndef TRIBUTARY_ATTACHMENT_PACKAGE_H
#define TRIBUTARY_ATTACHMENT_PACKAGE_H

#include "attachment/bytes.h"
#include "base/problem.h"

enum { PACKAGE_KIND_SIZE = 128 };

/* What the directory of a package tells. */
struct package {
    char kind[PACKAGE_KIND_SIZE]; /* of its first member `mimetype` (ODF); "" if it has none */
    bool has_manifest, has_content, has_content_types, has_word, has_sheet, has_slides;
    bool encrypted, macros;
};

/* Walks the directory. *ret_problem: PROBLEM_NONE or attachment_damaged. False if the bytes can't be read. */
bool package_read(const struct byte_source *source, enum problem *ret_problem, struct package *ret_package);

/* Whether a zip reader, which begins at the end of a file, would take it for a package. False if the bytes can't be
 * read. */
bool package_ends(const struct byte_source *source, bool *ret_ends);

#endif
