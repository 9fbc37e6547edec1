/* calendar_text.h: obligations as a calendar that calendar programs subscribe to. */
#ifndef TRIBUTARY_OBLIGATIONS_CALENDAR_TEXT_H
#define TRIBUTARY_OBLIGATIONS_CALENDAR_TEXT_H

#include "base/buffer.h"
#include "base/problem.h"
#include "obligations/obligations.h"

/* Writes the calendar (RFC 5545) of the obligations, which obligations_list() made for `question`: one all-day event for
 * each obligation of question->office; without an office, the offices that owe a form for a period by the same date share
 * an event, and one with an extension has its own. Nothing in it depends on the clock but what is past due. `more`: events of
 * other kinds, written already. `arena` is for scratch; `sample` says that the data is synthetic. False without memory. */
bool calendar_text_write(const struct obligations_question *question, const struct obligation *obligations,
                         size_t count, struct arena *arena, enum language language, bool sample, const char *more,
                         struct buffer *out);

/* Writes a calendar of events of other kinds alone, called so. False without memory. */
bool calendar_text_write_others(const struct obligations_question *question, const struct name *title,
                                enum language language, const char *events, struct buffer *out);

#endif
