/* stream.c: sending an answer piece by piece. The socket's thread never waits for the database: while a worker loads the
 * next piece, the connection is suspended. */
#include <string.h>

#include "http/inside.h"

enum { BLOCK = 64 * 1024 };

/* Has a worker load what comes next. The connection must be suspended first: the worker may be done at once. */
static void ask_for_more(struct request *request)
{
    struct reply_stream *stream = request->reply.stream;

    stream->loaded = stream->sent = 0;
    request->step = stream->load;
    MHD_suspend_connection(request->connection);
    if (!workers_push(request->server->workers, request, true)) {
        stream->failed = true;
        MHD_resume_connection(request->connection);
    }
}

static ssize_t send_piece(void *context, uint64_t at, char *out, size_t most)
{
    struct request *request = context;
    struct reply_stream *stream = request->reply.stream;
    size_t count = stream->loaded - stream->sent;

    if (stream->failed)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (at >= stream->length || (count == 0 && stream->ended))
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (count == 0) {
        if (stream->asked_at == at + 1) /* already, and nothing came */
            return MHD_CONTENT_READER_END_WITH_ERROR;
        stream->asked_at = at + 1;
        ask_for_more(request);
        return 0;
    }
    count = count < most ? count : most;
    if (count > stream->length - at)
        count = (size_t)(stream->length - at);
    memcpy(out, stream->bytes + stream->sent, count);
    stream->sent += count;
    atomic_fetch_add(&request->server->pieces, 1);
    return (ssize_t)count;
}

struct MHD_Response *stream_response(struct request *request)
{
    struct reply_stream *stream = request->reply.stream;

    if (!stream->begun) {
        stream->begun = true;
        atomic_fetch_add(&request->server->streaming, 1);
    }
    return MHD_create_response_from_callback(stream->length, BLOCK, send_piece, request, NULL);
}
