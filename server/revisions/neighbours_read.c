/* neighbours_read.c: one query for all the documents that a form looks at. */
#include "revisions/neighbours_read.h"

#include <string.h>

#include "base/json.h"

enum { LIST_LIMIT = 64 * 1024, DOCUMENT_VALUES = 2 * 1024 * 1024 };

static const struct db_statement select_neighbours = {
    "neighbours",
    "select r.document"
    " from unnest($3::text[], $4::text[], $5::boolean[]) with ordinality as w (form, period, every_revision, place)"
    " join tributary.submission s on s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = $1"
    "  and s.office = $2 and s.form = w.form and s.period = w.period"
    " cross join lateral"
    "  (select n.number, n.document, n.reported from tributary.revision n where n.submission = s.submission"
    "   order by n.number desc limit case when w.every_revision then null else 1 end) r"
    " where r.reported and not exists (select from tributary.revision n where n.submission = s.submission"
    "  and n.withdrawn is not null and n.number > r.number)"
    " order by w.place, s.submission, r.number",
    5};

/* The wanted forms and periods as three lists of the same length. */
struct lists {
    struct buffer forms, periods, every_revision;
};

static void append_wanted(struct lists *lists, const struct wanted *wanted, bool first)
{
    char period[PERIOD_TEXT_SIZE];

    period_format(wanted->period, period);
    buffer_append_format(&lists->forms, "%s\"%s\"", first ? "" : ",", wanted->form->code);
    buffer_append_format(&lists->periods, "%s\"%s\"", first ? "" : ",", period);
    buffer_append_format(&lists->every_revision, "%s%s", first ? "" : ",", wanted->every_revision ? "t" : "f");
}

static bool write_lists(struct lists *lists, const struct wanted *wanted, size_t count)
{
    buffer_append_char(&lists->forms, '{');
    buffer_append_char(&lists->periods, '{');
    buffer_append_char(&lists->every_revision, '{');
    for (size_t i = 0; i < count; i++)
        append_wanted(lists, &wanted[i], i == 0);
    buffer_append_char(&lists->forms, '}');
    buffer_append_char(&lists->periods, '}');
    buffer_append_char(&lists->every_revision, '}');
    return !lists->forms.failed && !lists->periods.failed && !lists->every_revision.failed;
}

static enum db_status add_documents(const PGresult *result, const struct plan *plan, struct neighbours *neighbours)
{
    for (int i = 0; i < PQntuples(result); i++) {
        const char *text = PQgetvalue(result, i, 0);
        struct json_fault fault;
        json_t *json = json_parse_strict(text, strlen(text), DOCUMENT_VALUES, &fault);

        if (!json || !neighbours_add(neighbours, plan, json))
            return DB_FAILED;
    }
    return DB_OK;
}

enum db_status neighbours_read(struct db *db, const struct plan *plan, const struct form *form, const char *office,
                               struct period period, struct neighbours *neighbours)
{
    struct lists lists = {BUFFER_WITH_LIMIT(LIST_LIMIT), BUFFER_WITH_LIMIT(LIST_LIMIT), BUFFER_WITH_LIMIT(LIST_LIMIT)};
    size_t count;
    const struct wanted *wanted = neighbours_wanted(plan, form, period, neighbours->arena, &count);
    PGresult *result = NULL;
    enum db_status status = DB_FAILED;

    if (wanted && count == 0)
        return DB_OK;
    if (wanted && write_lists(&lists, wanted, count))
        status = db_run(
            db, &select_neighbours,
            (const char *const[]){plan->code, office, lists.forms.data, lists.periods.data, lists.every_revision.data},
            &result);
    if (status == DB_OK)
        status = add_documents(result, plan, neighbours);
    PQclear(result);
    buffer_free(&lists.forms);
    buffer_free(&lists.periods);
    buffer_free(&lists.every_revision);
    return status;
}
