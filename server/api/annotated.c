/* annotated.c: a table file comes back as the person knows it, with what is wrong in its cells. */
#include "api/annotated.h"

#include <stdlib.h>

#include "api/common.h"
#include "sheet/annotate.h"
#include "sheet/grid.h"

static const struct {
    const char *content_type, *ending;
} kinds[] = {
    [GRID_FILE_CSV] = {"text/csv", "csv"},
    [GRID_FILE_ODS] = {"application/vnd.oasis.opendocument.spreadsheet", "ods"},
    [GRID_FILE_XLSX] = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
};

static size_t count(const struct findings *findings, enum severity severity)
{
    size_t number = 0;

    for (size_t i = 0; i < findings->count; i++)
        number += findings->items[i].severity == severity;
    return number;
}

static enum step_result reply_refusal(struct request *request, const struct findings *findings,
                                      const struct name *refusal)
{
    json_t *list = refusal ? findings_to_json(findings, request->language) : NULL;

    if (!list)
        return reply_problem(request, PROBLEM_internal, NULL);
    return reply_problem_with(request, PROBLEM_findings_refused, refusal->text[request->language],
                              json_pack("{so}", "findings", list));
}

enum step_result reply_annotated_file(struct request *request, const char *bytes, size_t length,
                                      const struct findings *findings)
{
    enum grid_file kind = grid_file_kind(bytes, length);
    struct buffer out = BUFFER_WITH_LIMIT(ANNOTATED_LIMIT);
    const struct name *refusal = NULL;
    size_t cells, written;

    if (!annotate_file(bytes, length, findings, request->language, &out, &cells, &refusal)) {
        buffer_free(&out);
        return reply_refusal(request, findings, refusal);
    }
    if (kind == GRID_FILE_OTHER)
        kind = GRID_FILE_CSV;
    request->reply.findings =
        arena_format(request->arena, "errors=%zu, explains=%zu, warnings=%zu", count(findings, SEVERITY_ERROR),
                     count(findings, SEVERITY_EXPLAIN), count(findings, SEVERITY_WARNING));

    char *body = buffer_take(&out, &written);

    return body ? reply_bytes(request, 200, kinds[kind].content_type, body, written)
                : reply_problem(request, PROBLEM_internal, NULL);
}

enum step_result reply_annotated(struct request *request, const struct findings *findings)
{
    const char *bytes = request->body.data ? request->body.data : "";
    enum grid_file kind = grid_file_kind(bytes, request->body.length);

    request->reply.disposition = arena_format(request->arena, "attachment; filename=\"annotated.%s\"",
                                              kinds[kind == GRID_FILE_OTHER ? GRID_FILE_CSV : kind].ending);
    return reply_annotated_file(request, bytes, request->body.length, findings);
}
