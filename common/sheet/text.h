/* text.h: the habits of people who fill in tables: full-width characters, blanks around a text, words in two
 * languages. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_TEXT_H
#define TRIBUTARY_SHEET_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "plan/plan.h"

enum { SHORT_TEXT_SIZE = 128 };

/* True for a text of nothing but blanks (ASCII, no-break, full-width). */
bool text_is_blank(const char *text);

/* The text without blanks around it: `text` itself or a part of it where that will do, else a copy in `arena`.
 * NULL without memory. */
const char *text_trim(struct arena *arena, const char *text);

/* The text without blanks around it, full-width forms of ASCII made ASCII. False if it doesn't fit. */
bool text_fold(const char *text, char ret_text[static SHORT_TEXT_SIZE]);

/* Whether two texts are the same but for blanks, width and case of ASCII letters. */
bool text_same(const char *a, const char *b);

/* The beginning of a text for "found": at most some 200 bytes, never cut inside a character. NULL without memory. */
const char *text_excerpt(struct arena *arena, const char *text);

/* Whether digits are a whole number that JSON carries exactly and gives back as written. */
bool text_is_key_number(const char *text);

/* Something people may write by its code or by its name in either language. */
struct wording {
    const char *code;
    const struct name *name;
};

typedef struct wording wording_at(const void *items, size_t index);

/* The index of the item whose code is `text`, else of the only one that text_same() finds by code or name;
 * SIZE_MAX if there is none or if several answer to it. */
size_t wording_find(const void *items, size_t count, wording_at *at, const char *text);

wording_at item_wording, code_wording, table_wording, office_wording, form_wording;

/* Cell words (api.md, CSV): not applicable and not yet known, the reason behind a colon. */
enum absence { ABSENCE_NONE, ABSENCE_NOT_APPLICABLE, ABSENCE_NOT_YET };

/* ret_reason points into `text`, blanks before it left out. If none is given it is the word itself for what is not yet
 * known, of which no reason is asked, and "" for what is not applicable, which needs one (domain.md 6.4). */
enum absence absence_parse(const char *text, const char **ret_reason);
const char *absence_word(enum absence absence, enum language language);

/* Whether a text would be taken for something else when read back from a file (a formula, a mark, a cell word, a
 * text with blanks around it), so that it is written with an apostrophe before it; also true with apostrophes
 * before such a text, so that each of them comes back. */
bool text_needs_apostrophe(const char *text);

/* Whether a spreadsheet would take the text for a formula: = + - @ tab or return at its beginning (behind
 * apostrophes), and it isn't a number. */
bool text_is_formula(const char *text);

#endif
