/* type.h: what kind of file an attachment is, told by its content and never by its name. */
#ifndef TRIBUTARY_ATTACHMENT_TYPE_H
#define TRIBUTARY_ATTACHMENT_TYPE_H

#include "attachment/bytes.h"
#include "base/problem.h"

struct attachment_type {
    const char *media_type;
    const char *extension;       /* what a file of this kind is called */
    const char *other_extension; /* NULL: none */
};

/* Every type that is taken; ends with a NULL media type. */
extern const struct attachment_type attachment_types[];

/* The type of that name, or NULL. */
const struct attachment_type *attachment_type(const char *media_type);

/* Judges a file: PDF, PNG, JPEG, ODT, ODS, ODP, DOCX, XLSX or PPTX, whole as far as its frame shows. On PROBLEM_NONE
 * *ret_type is set. Otherwise why it isn't taken: attachment_empty, attachment_type_refused (another kind of file),
 * attachment_damaged (cut off or not well formed), attachment_encrypted, attachment_macros (it holds programs), or
 * attachment_ambiguous (it is two kinds of file at once). False if the bytes can't be read. */
bool attachment_judge(const struct byte_source *source, enum problem *ret_problem,
                      const struct attachment_type **ret_type);

#endif
