/* audit_export.c: the log as a whole, line by line, so that it is never whole in memory. */
#include "audit/export.h"

#include "api/common.h"
#include "api/handlers.h"
#include "base/log.h"

enum { PIECE_LIMIT = 64 * 1024 * 1024 };

/* Loads the lines that come next, on a worker. */
static enum step_result load_lines(struct request *request, struct db *db)
{
    struct reply_stream *stream = request->reply.stream;
    struct log_export *export = stream->state;
    struct db_context context = principal_context(&request->principal);
    struct buffer lines = BUFFER_WITH_LIMIT(PIECE_LIMIT);
    enum db_status status = db_snapshot_begin(db, &context);
    size_t length = 0;

    if (status == DB_OK)
        status = log_export_lines(db, export, &lines);
    db_snapshot_end(db);
    if (status != DB_OK)
        log_event(LOG_WARNING, "audit_export_broken_off", "%s %s", db_sqlstate(db), db_error(db));

    char *bytes = status == DB_OK ? buffer_take(&lines, &length) : NULL;

    buffer_free(&lines);
    if (bytes) {
        stream->ended = export->ended;
        stream_loaded(request, bytes, 0, length);
    }
    return STEP_DONE;
}

enum step_result export_audit(struct request *request, struct db *db)
{
    struct reply_stream *stream = arena_alloc(request->arena, sizeof *stream);
    struct log_export *export = arena_alloc(request->arena, sizeof *export);
    const timestamp *from, *to;
    timestamp from_moment, to_moment;

    if (!stream || !export)
        return reply_problem(request, PROBLEM_internal, NULL);
    if (!read_optional_moment(request, "from", &from_moment, &from) ||
        !read_optional_moment(request, "to", &to_moment, &to))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = log_export_begin(db, from, to, export);

        if (status != DB_OK) {
            reply_db_failure(request, db, (int)status, "audit_export_failed");
        } else {
            *stream = (struct reply_stream){.length = STREAM_LENGTH_UNKNOWN, .load = load_lines, .state = export};
            reply_header(request, "Content-Disposition", "attachment; filename=\"audit.jsonl\"");
            reply_stream(request, 200, "application/jsonl", stream);
        }
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
