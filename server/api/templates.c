/* templates.c: an empty form to fill in, with what is known already, as ODS, XLSX, CSV or JSON. */
#include <ctype.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "revisions/revisions.h"
#include "sheet/csv.h"
#include "sheet/template.h"
#include "templates/prefill.h"

enum { FILE_LIMIT = 64 * 1024 * 1024 };

/* "attachment; filename="form_office_113Q2.ods"; filename*=UTF-8''…", the second the Chinese name (RFC 6266). */
static const char *disposition(struct request *request, const struct template_request *template, const char *ending)
{
    const char *plain = template_file_name(template, LANGUAGE_EN, request->arena),
               *words = template_file_name(template, LANGUAGE_ZH, request->arena);
    struct buffer text = BUFFER_WITH_LIMIT(4096);

    buffer_append_format(&text, "attachment; filename=\"%s.%s\"; filename*=UTF-8''", plain ? plain : "", ending);
    for (const char *p = words ? words : ""; *p; p++)
        buffer_append_format(&text, isalnum((unsigned char)*p) || strchr("-_.", *p) ? "%c" : "%%%02X",
                             (unsigned char)*p);
    buffer_append_format(&text, ".%s", ending);

    const char *copy = text.failed ? NULL : arena_copy(request->arena, text.data, text.length);

    buffer_free(&text);
    return copy;
}

static enum step_result reply_workbook(struct request *request, const struct template_request *template,
                                       enum workbook_format format)
{
    struct buffer out = BUFFER_WITH_LIMIT(FILE_LIMIT);
    struct workbook *workbook = template_workbook(template, request->arena);
    size_t length;
    char *body = workbook && workbook_write(workbook, format, &out) ? buffer_take(&out, &length) : NULL;

    buffer_free(&out);
    if (!body)
        return reply_problem(request, PROBLEM_internal, NULL);
    request->reply.disposition = disposition(request, template, workbook_format_name(format));
    return reply_bytes(request, 200, workbook_media_type(format), body, length);
}

static enum step_result reply_template(struct request *request, const struct template_request *template)
{
    struct buffer out = BUFFER_WITH_LIMIT(FILE_LIMIT);

    switch (request->format) {
    case FORMAT_ODS: return reply_workbook(request, template, WORKBOOK_ODS);
    case FORMAT_XLSX: return reply_workbook(request, template, WORKBOOK_XLSX);
    case FORMAT_CSV:
        csv_begin(&out);
        if (!template_write_csv(template, &out))
            buffer_fail(&out);
        request->reply.disposition = disposition(request, template, "csv");
        return reply_csv(request, &out);
    case FORMAT_JSON: break;
    }
    request->reply.disposition = disposition(request, template, "json");
    return reply_json(request, 200, template_document(template));
}

/* ---- what is asked for ---------------------------------------------------------------------------------------------- */

/* False: a reply is set. */
static bool read_period(struct request *request, const struct plan *plan, const struct form *form,
                        struct period *ret_period)
{
    static const char *const forms[] = {
        [PERIOD_YEAR] = "%d–%d", [PERIOD_QUARTER] = "%dQ1–%dQ4", [PERIOD_PLAN] = "plan"};

    if (period_parse(request_query(request, "period"), ret_period) && plan_has_period(plan, form, *ret_period))
        return true;
    reply_bad_parameter(request, "period", arena_format(request->arena, forms[form->period], plan->from, plan->to));
    return false;
}

/* An office gets its own; who has none says which. NULL: a reply is set. */
static const struct office *read_office(struct request *request, const struct plan *plan, const struct form *form,
                                        struct period period)
{
    const char *code = request_query(request, "office");
    const struct office *office;

    if (request->principal.role == ROLE_OFFICE && code && strcmp(code, request->principal.office) != 0) {
        reply_problem(request, PROBLEM_forbidden, NULL);
        return NULL;
    }
    if (request->principal.role == ROLE_OFFICE)
        code = request->principal.office;
    office = code ? plan_office(plan, code) : NULL;
    if (!office || !form_owed_by(form, office, plan_period_year(plan, period))) {
        reply_bad_parameter(request, "office",
                            request->language == LANGUAGE_ZH ? "應填此表的機關代碼"
                                                             : "the code of an office that owes the form");
        return NULL;
    }
    return office;
}

/* NULL for a form without events, and for a first hand-in. False: a reply is set. */
static bool read_event(struct request *request, const struct form *form, const char **ret_event)
{
    const char *event = request_query(request, "event");

    *ret_event = event;
    if (!event || (form->event && uuid_is_well_formed(event)))
        return true;
    reply_bad_parameter(request, "event",
                        !form->event                       ? "–"
                        : request->language == LANGUAGE_ZH ? "場次識別碼"
                                                           : "the id of an event");
    return false;
}

static bool read_request(struct request *request, const struct plan *plan, struct template_request *ret_template)
{
    const struct form *form = plan_form(plan, request->path_parameters[1]);

    *ret_template = (struct template_request){.plan = plan, .form = form, .sample = request->service->sample};
    if (!form) {
        reply_problem(request, PROBLEM_unknown_form, request->path_parameters[1]);
        return false;
    }
    if (!read_period(request, plan, form, &ret_template->period))
        return false;
    ret_template->office = read_office(request, plan, form, ret_template->period);
    return ret_template->office && read_event(request, form, &ret_template->event);
}

enum step_result get_template(struct request *request, struct db *db)
{
    const struct plan_version *version = find_plan(request, db, NULL);
    struct template_request template;
    json_t *known = NULL;

    if (!version || !read_request(request, version->plan, &template))
        return STEP_DONE;

    struct prefill prefill = {.plan = template.plan,
                              .form = template.form,
                              .office = template.office,
                              .period = template.period,
                              .event = template.event};

    if (begin_snapshot(request, db)) {
        enum db_status status = template_prefill(db, &prefill, request->arena, &known);

        template.document = known;
        if (status == DB_OK)
            reply_template(request, &template);
        else
            reply_db_failure(request, db, (int)status, "template_prefill_failed");
    }
    db_snapshot_end(db);
    json_decref(known);
    return STEP_DONE;
}
