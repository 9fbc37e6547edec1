/* attendance.c: part in a meeting of one's group, by its sheet. */
#include "body/attendance.h"

#include <stdio.h>
#include <string.h>

enum { MEETING, UNIT, OFFICE };

enum db_status attendance_read(struct db *db, const struct duties_question *question, const struct yearly_duty *duty,
                               PGresult **ret_facts)
{
    static const struct db_statement read = {
        "attendance_facts",
        "select meeting, unit, office from tributary.attendance_facts($1, $2, $3::integer, $4::timestamptz)"
        " order by meeting, office nulls first",
        4};
    char year[16], moment[TIMESTAMP_TEXT_SIZE];

    *ret_facts = NULL;
    if (duty->kind != DUTY_SAYS || !duty->body)
        return DB_OK;
    snprintf(year, sizeof year, "%d", question->year);
    if (question->as_of)
        timestamp_format(*question->as_of, moment);
    return db_run(
        db, &read,
        (const char *const[]){question->version->plan->code, duty->body->code, year, question->as_of ? moment : NULL},
        ret_facts);
}

bool attendance_tells(const struct duties_question *question, const struct yearly_duty *duty, const PGresult *facts,
                      const char *office, bool *ret_present, const char **ret_meeting)
{
    bool told = false;

    *ret_present = false;
    for (int i = 0; facts && i < PQntuples(facts) && !*ret_present; i++) {
        const char *unit = result_text(facts, i, UNIT), *there = result_text(facts, i, OFFICE);

        if (!unit || !body_unit_has(question->version->plan, duty->body, unit, office, question->year))
            continue;
        told = true;
        *ret_meeting = PQgetvalue(facts, i, MEETING);
        *ret_present = there && strcmp(there, office) == 0;
    }
    return told;
}
