/* occasion.h: the meeting that a pack is for, and the one before it. Private to pack/. */
#ifndef TRIBUTARY_PACK_OCCASION_H
#define TRIBUTARY_PACK_OCCASION_H

#include "pack/making.h"

/* Finds making->meeting and making->last (meeting/meeting.h), as of the question's moment. The meeting: the one that is
 * asked for, else the year's next one that hasn't been held, else its last one. */
enum db_status find_occasion(struct pack_making *making);

/* "第2次會議" where a body meets several times a year; NULL where once is usual. In the arena. */
const char *occasion_number(const struct pack_making *making, const json_t *meeting);

/* "113年9月12日（星期四）" "Thursday, 12 September 2024" of an ISO date. In the arena; the text itself if it is none. */
const char *occasion_day(const struct pack_making *making, const char *iso);

/* The office whose turn it is, or who always keeps the body's secretariat; NULL: nobody says. */
const char *occasion_secretariat(const struct pack_making *making);

/* What a kind of item is called in the pack's language: "討論事項". */
const char *occasion_kind(const struct pack_making *making, const char *kind);

/* Whether an item says no more than its kind does. */
bool item_is_heading(const json_t *item);

#endif
