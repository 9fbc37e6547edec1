/* xml_text.h: XML as the bytes it is made of: where each tag stands, so that a text can be changed in one place and stay
 * as it is everywhere else. Whether it is well-formed is expat's business (xml_is_sound()). Private to sheet/. */
#ifndef TRIBUTARY_SHEET_XML_TEXT_H
#define TRIBUTARY_SHEET_XML_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

enum xml_kind { XML_OPEN, XML_EMPTY, XML_CLOSE };

struct xml_tag {
    const char *start, *end; /* from '<' to behind '>' */
    const char *name;        /* with its prefix */
    size_t name_length;
    enum xml_kind kind;
};

/* A run through the tags between two places. */
struct xml_scan {
    const char *at, *end;
};

/* A part of a text. */
struct xml_range {
    const char *start, *end;
};

struct xml_attribute {
    const char *start, *end; /* from the name to behind the closing quote */
    const char *name, *value;
    size_t name_length, value_length;
};

/* A change of one attribute of a tag: another value (as it stands in XML), or none for NULL. */
struct xml_change {
    const char *prefix, *local, *value;
};

/* The next tag; comments, instructions and CDATA are stepped over. False at the end or where the text is no XML. */
bool xml_next(struct xml_scan *scan, struct xml_tag *ret_tag);

/* Steps over the content of an element just opened; gives what is behind its end tag, or where the text ends. */
const char *xml_skip(struct xml_scan *scan, const struct xml_tag *tag);

/* The next child of the element whose content is being run through, as a whole: *ret_range from its start tag to behind
 * its end. False when the content ends. */
bool xml_next_child(struct xml_scan *scan, struct xml_tag *ret_tag, struct xml_range *ret_range);

/* The content of an element: between its start tag and its end tag. Empty for an empty element. */
struct xml_range xml_content(const struct xml_tag *tag, struct xml_range element);

/* Whether the tag has that name; `prefix` is "" or ends with a colon. NULL never fits. */
bool xml_is(const struct xml_tag *tag, const char *prefix, const char *local);

/* The attribute of that name. */
bool xml_find(const struct xml_tag *tag, const char *prefix, const char *local, struct xml_attribute *ret_attribute);

/* The attribute as a whole number, `otherwise` if there is none or it is no number up to a thousand million. */
size_t xml_number(const struct xml_tag *tag, const char *prefix, const char *local, size_t otherwise);

/* Whether the attribute says "1" or "true". */
bool xml_flag(const struct xml_tag *tag, const char *prefix, const char *local);

/* The attribute's text, entities resolved; NULL if it isn't there or without memory. */
const char *xml_text(struct arena *arena, const struct xml_tag *tag, const char *prefix, const char *local);

/* What is between the tags of a range, as it stands: entities aren't resolved. NULL without memory. */
const char *xml_plain(struct arena *arena, struct xml_range range, size_t *ret_length);

/* The prefix, with its colon, that the tag declares for a namespace; "" for the default one, NULL if it declares none.
 * `ending` is how the namespace's name ends. */
const char *xml_prefix(struct arena *arena, const struct xml_tag *tag, const char *ending);

/* The tag's own prefix, with its colon. NULL without memory. */
const char *xml_own_prefix(struct arena *arena, const struct xml_tag *tag);

/* Appends text for content or a quoted attribute; what XML can't hold is left out. */
void xml_append_text(struct buffer *out, const char *text);
void xml_append_range(struct buffer *out, const char *start, const char *end);

/* Appends a start tag with some attributes changed, the others as they stand. */
void xml_append_tag(struct buffer *out, const struct xml_tag *tag, const struct xml_change *changes, size_t count,
                    enum xml_kind kind);

/* Appends an end tag for a start tag. */
void xml_append_end(struct buffer *out, const struct xml_tag *tag);

/* Pieces of a text to be replaced. */
struct xml_edit {
    struct xml_range range;
    const char *text;
    size_t length, number;
};

struct xml_edits {
    struct arena *arena; /* holds the list and the new pieces */
    struct xml_edit *items;
    size_t count, capacity;
    bool failed;
};

/* Replaces a range (which may be empty: an insertion) by the bytes of a buffer, which is emptied. Ranges don't overlap;
 * insertions at one place stay in the order in which they came. */
void xml_replace(struct xml_edits *edits, struct xml_range range, struct buffer *piece);
void xml_insert(struct xml_edits *edits, const char *at, const char *text);

/* Appends the text with its edits. False without memory, or if edits overlap. */
bool xml_apply(struct xml_edits *edits, const char *text, size_t length, struct buffer *out);

/* Whether a text is well-formed UTF-8 XML without a document type. */
bool xml_is_sound(const char *text, size_t length);

#endif
