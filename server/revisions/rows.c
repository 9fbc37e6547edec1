/* rows.c: reading rows of the revisions that count. */
#include "revisions/rows.h"

#include "base/buffer.h"

enum { LIST_LIMIT = 256 };

static json_t *row_to_json(const PGresult *rows, int row)
{
    const char *content = result_text(rows, row, 4);
    json_t *list = content ? json_loads(content, 0, NULL) : json_array();

    return json_pack("{ss ss ss sI so}", "office", PQgetvalue(rows, row, 0), "period", PQgetvalue(rows, row, 1),
                     "submission", PQgetvalue(rows, row, 2), "revision", (json_int_t)result_int64(rows, row, 3), "rows",
                     list ? list : json_array());
}

static bool write_periods(const struct rows_question *question, struct buffer *out)
{
    struct period periods[4];
    size_t count = plan_form_periods(question->version->plan, question->form, question->year, periods);

    buffer_append_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        char text[PERIOD_TEXT_SIZE];

        period_format(periods[i], text);
        buffer_append_format(out, "%s%s", i ? "," : "", text);
    }
    buffer_append_char(out, '}');
    return !out->failed;
}

enum db_status rows_reported(struct db *db, const struct rows_question *question, json_t **ret_list)
{
    static const struct db_statement list = {
        "reported_rows",
        "select office, period, revision, number, content"
        " from tributary.reported_rows($1, $2, $3::text[], $4, $5, $6::timestamptz)",
        6};
    struct buffer periods = BUFFER_WITH_LIMIT(LIST_LIMIT);
    char as_of[TIMESTAMP_TEXT_SIZE];
    PGresult *rows = NULL;
    json_t *answer = json_array();
    enum db_status status = DB_FAILED;

    if (question->as_of)
        timestamp_format(*question->as_of, as_of);
    if (answer && write_periods(question, &periods))
        status = db_run(db, &list,
                        (const char *const[]){question->version->plan->code, question->form->code, periods.data,
                                              question->table ? question->table->code : NULL, question->basis,
                                              question->as_of ? as_of : NULL},
                        &rows);
    for (int i = 0; status == DB_OK && i < PQntuples(rows); i++)
        if (json_array_append_new(answer, row_to_json(rows, i)) != 0)
            status = DB_FAILED;
    PQclear(rows);
    buffer_free(&periods);
    if (status == DB_OK)
        *ret_list = answer;
    else
        json_decref(answer);
    return status;
}
