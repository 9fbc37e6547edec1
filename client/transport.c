/* transport.c: HTTP with libcurl. */
#include "transport.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "url.h"

enum {
    ANSWER_LIMIT = 64 * 1024 * 1024,
    CONNECT_SECONDS = 10,
    SILENT_SECONDS = 30,
    FIRST_WAIT_MILLISECONDS = 200,
    LONGEST_WAIT_MILLISECONDS = 5000,
};

struct transport {
    struct transport_options options;
    CURL *curl;
    char fault[CURL_ERROR_SIZE];
};

/* What a failure of libcurl means; what isn't here is a bad answer. */
static const struct {
    CURLcode code;
    enum transport_outcome outcome;
    bool again; /* worth another try at once */
} failures[] = {
    {CURLE_COULDNT_CONNECT, TRANSPORT_UNREACHABLE, true},
    {CURLE_SEND_ERROR, TRANSPORT_UNREACHABLE, true},
    {CURLE_RECV_ERROR, TRANSPORT_UNREACHABLE, true},
    {CURLE_GOT_NOTHING, TRANSPORT_UNREACHABLE, true},
    {CURLE_PARTIAL_FILE, TRANSPORT_UNREACHABLE, true},
    {CURLE_COULDNT_RESOLVE_HOST, TRANSPORT_UNREACHABLE, false},
    {CURLE_COULDNT_RESOLVE_PROXY, TRANSPORT_UNREACHABLE, false},
    {CURLE_OPERATION_TIMEDOUT, TRANSPORT_UNREACHABLE, false},
    {CURLE_SSL_CONNECT_ERROR, TRANSPORT_UNREACHABLE, false},
    {CURLE_PEER_FAILED_VERIFICATION, TRANSPORT_UNREACHABLE, false},
    {CURLE_SSL_ISSUER_ERROR, TRANSPORT_UNREACHABLE, false},
    {CURLE_URL_MALFORMAT, TRANSPORT_BAD_SETTINGS, false},
    {CURLE_UNSUPPORTED_PROTOCOL, TRANSPORT_BAD_SETTINGS, false},
    {CURLE_SSL_CACERT_BADFILE, TRANSPORT_BAD_SETTINGS, false},
};

struct transport *transport_new(const struct transport_options *options)
{
    struct transport *transport = calloc(1, sizeof *transport);

    if (!transport)
        return NULL;
    transport->options = *options;
    transport->curl = curl_easy_init();
    if (!transport->curl) {
        free(transport);
        return NULL;
    }
    return transport;
}

void transport_free(struct transport *transport)
{
    if (!transport)
        return;
    curl_easy_cleanup(transport->curl);
    free(transport);
}

void reply_free(struct reply *reply)
{
    free(reply->body);
    *reply = (struct reply){0};
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    return buffer_append(context, bytes, size * count) ? size * count : 0;
}

static bool add_header(struct curl_slist **headers, const char *name, const char *value)
{
    struct buffer line = BUFFER_WITH_LIMIT(8192);
    struct curl_slist *longer = NULL;

    if (!value)
        return true;
    if (!strpbrk(value, "\r\n") && buffer_append_format(&line, "%s: %s", name, value))
        longer = curl_slist_append(*headers, line.data);
    buffer_free(&line);
    if (longer)
        *headers = longer;
    return longer != NULL;
}

static bool make_headers(const struct transport *transport, const struct request *request, struct curl_slist **headers)
{
    char bearer[4096];
    bool fits = !request->token || snprintf(bearer, sizeof bearer, "Bearer %s", request->token) < (int)sizeof bearer;
    struct curl_slist *without_expect = fits ? curl_slist_append(*headers, "Expect:") : NULL;

    if (!without_expect)
        return false;
    *headers = without_expect;
    return add_header(headers, "Authorization", request->token ? bearer : NULL) &&
           add_header(headers, "Accept",
                      request->accept ? request->accept : "application/json, application/problem+json") &&
           add_header(headers, "Accept-Language",
                      transport->options.language == LANGUAGE_ZH ? "zh-TW, zh;q=0.9" : "en") &&
           add_header(headers, "Content-Type", request->body ? request->content_type : NULL) &&
           add_header(headers, "Idempotency-Key", request->idempotency_key) &&
           add_header(headers, "Tributary-Sample-Clock", request->sample_clock) &&
           add_header(headers, "If-Match", request->if_match) &&
           add_header(headers, "Upload-Offset", request->upload_offset) && add_header(headers, "Range", request->range);
}

static void set_connection(const struct transport *transport)
{
    CURL *curl = transport->curl;

    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, transport->options.timeout_seconds);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SILENT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "tributary/1");
    if (transport->options.ca_file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, transport->options.ca_file);
    if (url_is_local(transport->options.server))
        curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
}

/* Sends once; the handle keeps its connection from one request to the next. */
static CURLcode send_once(struct transport *transport, const struct request *request, struct buffer *body)
{
    CURL *curl = transport->curl;
    struct buffer url = BUFFER_WITH_LIMIT(32 * 1024);
    struct curl_slist *headers = NULL;
    CURLcode code = CURLE_OUT_OF_MEMORY;

    curl_easy_reset(curl);
    transport->fault[0] = '\0';
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transport->fault);
    set_connection(transport);
    if (!buffer_append_format(&url, "%s%s", transport->options.server, request->path) ||
        curl_easy_setopt(curl, CURLOPT_URL, url.data) != CURLE_OK || !make_headers(transport, request, &headers))
        goto done;
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    if (request->body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    }
    if (request->method)
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    code = curl_easy_perform(curl);
done:
    curl_slist_free_all(headers);
    buffer_free(&url);
    return code;
}

static const char *reply_header(CURL *curl, const char *name)
{
    struct curl_header *header;

    return curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : NULL;
}

/* The plain name of a Content-Disposition, if nothing in it can lead out of a folder. */
static void read_file_name(const char *header, char *name, size_t size)
{
    static const char mark[] = "filename=\"",
                      safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *start = header ? strstr(header, mark) : NULL;
    size_t length = start ? strspn(start + strlen(mark), safe) : 0;

    if (length > 0 && length < size && start[strlen(mark) + length] == '"' && start[strlen(mark)] != '.')
        snprintf(name, size, "%.*s", (int)length, start + strlen(mark));
}

static bool fill_reply(struct transport *transport, struct buffer *body, struct reply *ret_reply)
{
    const char *type = NULL, *replayed = reply_header(transport->curl, "Idempotent-Replay");
    struct reply reply = {.replayed = replayed && strcmp(replayed, "true") == 0};

    curl_easy_getinfo(transport->curl, CURLINFO_RESPONSE_CODE, &reply.status);
    curl_easy_getinfo(transport->curl, CURLINFO_CONTENT_TYPE, &type);
    const char *etag = reply_header(transport->curl, "ETag");

    snprintf(reply.etag, sizeof reply.etag, "%s", etag ? etag : "");
    snprintf(reply.content_type, sizeof reply.content_type, "%s", type ? type : "");
    read_file_name(reply_header(transport->curl, "Content-Disposition"), reply.file_name, sizeof reply.file_name);
    reply.body = buffer_take(body, &reply.length);
    if (!reply.body)
        return false;
    *ret_reply = reply;
    return true;
}

/* How long to wait before the next try, -1 to give up. */
static long wait_for(const struct transport *transport, CURLcode code, long status, long attempt)
{
    long wait = FIRST_WAIT_MILLISECONDS << (2 * (attempt < 4 ? attempt - 1 : 3));
    const char *after = code == CURLE_OK ? reply_header(transport->curl, "Retry-After") : NULL;
    bool again = code == CURLE_OK && (status == 429 || status == 503);

    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        again = again || (failures[i].code == code && failures[i].again);
    if (!again || attempt >= transport->options.attempts)
        return -1;
    if (after && after[0] >= '0' && after[0] <= '9') {
        unsigned long seconds = strtoul(after, NULL, 10);

        if (seconds > LONGEST_WAIT_MILLISECONDS / 1000)
            return -1;
        return (long)seconds * 1000 > wait ? (long)seconds * 1000 : wait;
    }
    return wait < LONGEST_WAIT_MILLISECONDS ? wait : LONGEST_WAIT_MILLISECONDS;
}

static void pause_for(long milliseconds)
{
    struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};

    while (nanosleep(&time, &time) != 0)
        ;
}

static enum transport_outcome failure(struct transport *transport, CURLcode code, const char **ret_fault)
{
    *ret_fault = transport->fault[0] ? transport->fault : curl_easy_strerror(code);
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (failures[i].code == code)
            return failures[i].outcome;
    return TRANSPORT_BAD_ANSWER;
}

enum transport_outcome transport_send(struct transport *transport, const struct request *request,
                                      struct reply *ret_reply, const char **ret_fault)
{
    bool may_repeat = !request->body || request->idempotency_key || request->method;

    for (long attempt = 1;; attempt++) {
        struct buffer body = BUFFER_WITH_LIMIT(ANSWER_LIMIT);
        CURLcode code = send_once(transport, request, &body);
        long status = 0;

        if (code == CURLE_OK)
            curl_easy_getinfo(transport->curl, CURLINFO_RESPONSE_CODE, &status);

        long wait = may_repeat ? wait_for(transport, code, status, attempt) : -1;

        if (wait < 0) {
            if (code == CURLE_OK && !fill_reply(transport, &body, ret_reply))
                code = CURLE_OUT_OF_MEMORY;
            buffer_free(&body);
            return code == CURLE_OK ? TRANSPORT_ANSWERED : failure(transport, code, ret_fault);
        }
        buffer_free(&body);
        pause_for(wait);
    }
}
