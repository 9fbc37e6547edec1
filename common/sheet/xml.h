/* xml.h: XML read in one pass within limits: no declarations, bounded depth, names and memory. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_XML_H
#define TRIBUTARY_SHEET_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "sheet/archive.h"

/* A namespace that matters, by the number its reader gives it (from 1). Whatever prefix a file uses for it is the same. */
struct xml_space {
    const char *uri;
    int space;
};

struct xml_name {
    int space; /* 0: none, or one that doesn't matter */
    const char *local;
};

struct xml_attributes {
    const struct xml_space *spaces;
    const char *const *raw;
};

/* What is called on the way; false stops the reading. Texts are UTF-8; they may come in pieces, and nothing given outlives
 * the call. */
struct xml_reading {
    const struct xml_space *spaces; /* ends with a NULL uri */
    bool (*begin)(void *context, struct xml_name name, const struct xml_attributes *attributes);
    bool (*end)(void *context, struct xml_name name);
    bool (*text)(void *context, const char *bytes, size_t count);
};

/* The value of an attribute, NULL if it isn't there. */
const char *xml_attribute(const struct xml_attributes *attributes, int space, const char *local);

/* Reads a member of an archive, or bytes that lie in memory. ARCHIVE_STOPPED if the reading's functions wanted no more;
 * ARCHIVE_REFUSED with words for what is no XML, is incomplete or goes beyond a limit. */
enum archive_outcome xml_read_member(struct archive *archive, const char *name, const struct xml_reading *reading,
                                     void *context, const struct name **ret_refusal);
enum archive_outcome xml_read_bytes(const char *bytes, size_t length, const struct xml_reading *reading, void *context,
                                    const struct name **ret_refusal);

#endif
