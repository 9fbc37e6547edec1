/* minutes.h: what the parts of minutes share. Private to pack/. */
#ifndef TRIBUTARY_PACK_MINUTES_H
#define TRIBUTARY_PACK_MINUTES_H

#include "pack/making.h"

struct minutes {
    struct pack_making *making;
    const json_t *meeting; /* as meeting_to_json() tells it */
    struct date day;
    bool draft; /* it isn't on record yet: what is missing stands as a box to fill in */
};

/* Fills the paper with the minutes of question->meeting. False: it gave up, making->status says why. */
bool minutes_fill(struct pack_making *making);

/* Who was there, grouped and counted, and whether the meeting counts. */
void minutes_attendance(const struct minutes *minutes);

/* The decisions that the meeting found open, what their owners had reported by its day, and what it ruled. False: it gave
 * up. */
bool minutes_tracking(const struct minutes *minutes);

/* The items of the agenda, with what was said and decided of each. False: it gave up. */
bool minutes_items(const struct minutes *minutes);

/* A heading that holds what it names: "地點：" and a text; without one, that it isn't on record. `label` without a colon. */
void minutes_head(const struct minutes *minutes, const char *label, const char *text);

/* "112年10月5日" "5 October 2023", in the making's arena. */
const char *minutes_day(const struct minutes *minutes, struct date day);

/* "下午2時30分" "14:30" of "14:30", in the making's arena; NULL for NULL. */
const char *minutes_time(const struct minutes *minutes, const char *time);

/* "決議：" and a text; without one a box to fill in, or that nothing stands on record. `label` without a colon. */
void minutes_outcome(const struct minutes *minutes, const char *label, const char *text);

/* A paragraph behind a label in bold; nothing for a NULL text. */
void minutes_labelled(const struct minutes *minutes, const char *label, const char *text);

/* Lists what was corrected or added since the minutes of a meeting went out, in minutes and packs; `introduce` is called before
 * the first, if there is any. */
typedef void corrections_fn(struct pack_making *making);
void tell_corrections(struct pack_making *making, const json_t *meeting, corrections_fn *introduce);

/* Those of the minutes themselves; nothing in a draft. */
void minutes_corrections(const struct minutes *minutes);

#endif
