/* gathering.h: the meetings of a year, whatever tells of them, as the calendar needs them. Private to meeting/. */
#ifndef TRIBUTARY_MEETING_GATHERING_H
#define TRIBUTARY_MEETING_GATHERING_H

#include "meeting/calendar.h"

/* A meeting of a unit's body; texts in the arena. */
struct gathering {
    const struct body *body;
    const char *unit, *state, *kind, *meeting, *record, *place, *document_number; /* but state and kind perhaps NULL */
    struct date day;
    const char *event, *recorded_at; /* of a record: whose it is, and when its revision was recorded */
    int revision;                    /* of a record */
    int number;                      /* 第N次 of its body, unit and year; 0: cancelled */
    bool took_place, regular, missed_quorum, cancelled;
    bool taken; /* it fulfils an expected one */
};

struct gatherings {
    struct gathering *all; /* by their day */
    size_t count, room;
};

/* All of the year that the question is about. Inside a snapshot. */
enum db_status gatherings_read(struct db *db, const struct meeting_calendar_question *question, struct arena *arena,
                               struct gatherings *ret_gatherings);

/* Of them those that only their records tell of; added to what there is. Inside a snapshot. */
enum db_status gatherings_of_records(struct db *db, const struct meeting_calendar_question *question,
                                     struct arena *arena, struct gatherings *gatherings);

/* How many of a unit's regular meetings took place before a day and, where records tell of them, didn't miss their quorum.
 * question->body isn't NULL. Inside a snapshot. */
enum db_status gatherings_counted(struct db *db, const struct meeting_calendar_question *question, struct date before,
                                  struct arena *arena, int *ret_count);

#endif
