/* metrics.c: atomic counters and a small listener. */
#include "http/metrics.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROUTES = 192, CLASSES = 6, BUCKETS = 8, TEXT_LIMIT = 1024 * 1024 };

static const int64_t bucket_limits[BUCKETS - 1] = {1, 5, 10, 50, 100, 500, 5000}; /* ms; the last is without limit */

struct metrics {
    const struct service *service;
    const struct route *routes;
    struct MHD_Daemon *daemon;
    atomic_ullong replies[MOST_ROUTES + 1][CLASSES]; /* the last row: no route */
    atomic_ullong buckets[BUCKETS], milliseconds;
};

void metrics_count(struct metrics *metrics, const struct route *route, int status, int64_t milliseconds)
{
    size_t row = route ? (size_t)(route - metrics->routes) : MOST_ROUTES, bucket = 0;

    if (row > MOST_ROUTES || status < 0 || status / 100 >= CLASSES)
        return;
    while (bucket < BUCKETS - 1 && milliseconds > bucket_limits[bucket])
        bucket++;
    atomic_fetch_add(&metrics->replies[row][status / 100], 1);
    atomic_fetch_add(&metrics->buckets[bucket], 1);
    atomic_fetch_add(&metrics->milliseconds, (unsigned long long)(milliseconds > 0 ? milliseconds : 0));
}

static void write_replies(struct metrics *metrics, struct buffer *out)
{
    buffer_append_text(
        out,
        "# HELP tributary_replies_total Replies by route and class of status.\n# TYPE tributary_replies_total counter\n");
    for (size_t row = 0; row <= MOST_ROUTES; row++) {
        if (row < MOST_ROUTES && !metrics->routes[row].method)
            row = MOST_ROUTES;
        for (int class = 1; class < CLASSES; class ++) {
            unsigned long long count = atomic_load(&metrics->replies[row][class]);

            if (count)
                buffer_append_format(out, "tributary_replies_total{method=\"%s\",route=\"%s\",status=\"%dxx\"} %llu\n",
                                     row < MOST_ROUTES ? metrics->routes[row].method : "",
                                     row < MOST_ROUTES ? metrics->routes[row].path : "", class, count);
        }
    }
}

static void write_latency(struct metrics *metrics, struct buffer *out)
{
    unsigned long long sum = 0;

    buffer_append_text(out, "# HELP tributary_reply_seconds From the first line of a request to its reply.\n"
                            "# TYPE tributary_reply_seconds histogram\n");
    for (size_t i = 0; i < BUCKETS; i++) {
        sum += atomic_load(&metrics->buckets[i]);
        if (i < BUCKETS - 1)
            buffer_append_format(out, "tributary_reply_seconds_bucket{le=\"%.3f\"} %llu\n",
                                 (double)bucket_limits[i] / 1000, sum);
    }
    buffer_append_format(out,
                         "tributary_reply_seconds_bucket{le=\"+Inf\"} %llu\ntributary_reply_seconds_sum %.3f\n"
                         "tributary_reply_seconds_count %llu\n",
                         sum, (double)atomic_load(&metrics->milliseconds) / 1000, sum);
}

static void write_writer(struct metrics *metrics, struct buffer *out)
{
    struct writer_counts counts = writer_counts(metrics->service->writer);

    buffer_append_format(out,
                         "# TYPE tributary_writer_batches_total counter\ntributary_writer_batches_total %llu\n"
                         "# TYPE tributary_writer_recorded_total counter\ntributary_writer_recorded_total %llu\n"
                         "# TYPE tributary_writer_refused_total counter\ntributary_writer_refused_total %llu\n"
                         "# TYPE tributary_writer_singly_total counter\ntributary_writer_singly_total %llu\n"
                         "# TYPE tributary_writer_waiting gauge\ntributary_writer_waiting %zu\n"
                         "# TYPE tributary_ready gauge\ntributary_ready %d\n",
                         (unsigned long long)counts.batches, (unsigned long long)counts.recorded,
                         (unsigned long long)counts.refused, (unsigned long long)counts.retried_singly, counts.waiting,
                         watch_is_ready(metrics->service->watch) ? 1 : 0);
}

/* Mails that wait are the database's, whichever daemon will send them; the others are this daemon's. */
static void write_mailer(struct metrics *metrics, struct buffer *out)
{
    if (!metrics->service->mailer)
        return;

    struct mailer_counts counts = mailer_counts(metrics->service->mailer);

    buffer_append_format(out,
                         "# TYPE tributary_mails_made_total counter\ntributary_mails_made_total %llu\n"
                         "# TYPE tributary_mails_sent_total counter\ntributary_mails_sent_total %llu\n"
                         "# TYPE tributary_mails_failed_total counter\ntributary_mails_failed_total %llu\n"
                         "# TYPE tributary_mails_given_up_total counter\ntributary_mails_given_up_total %llu\n"
                         "# TYPE tributary_mails_waiting gauge\ntributary_mails_waiting %lld\n",
                         (unsigned long long)counts.made, (unsigned long long)counts.sent,
                         (unsigned long long)counts.failed, (unsigned long long)counts.given_up,
                         (long long)counts.waiting);
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **slot)
{
    static int seen;
    struct metrics *metrics = context;
    struct buffer text = BUFFER_WITH_LIMIT(TEXT_LIMIT);
    size_t length = 0;
    char *body = NULL;

    (void)version;
    (void)data;
    if (!*slot) {
        *slot = &seen;
        return MHD_YES;
    }
    if (*size > 0)
        return MHD_NO;

    bool found = strcmp(url, "/metrics") == 0 && (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0);

    if (found) {
        write_replies(metrics, &text);
        write_latency(metrics, &text);
        write_writer(metrics, &text);
        write_mailer(metrics, &text);
        body = buffer_take(&text, &length);
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(length, body, MHD_RESPMEM_MUST_FREE);

    if (!response) {
        free(body);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; version=0.0.4");
    enum MHD_Result result = MHD_queue_response(connection, found ? 200 : 404, response);

    MHD_destroy_response(response);
    return result;
}

struct metrics *metrics_start(const char *address, unsigned short port, const struct service *service,
                              const struct route *routes)
{
    struct metrics *metrics = calloc(1, sizeof *metrics);
    struct sockaddr_in listening = {.sin_family = AF_INET, .sin_port = htons(port)};

    if (!metrics)
        return NULL;
    metrics->service = service;
    metrics->routes = routes;
    if (port == 0)
        return metrics;
    if (inet_pton(AF_INET, address, &listening.sin_addr) == 1)
        metrics->daemon = MHD_start_daemon(MHD_USE_POLL | MHD_USE_INTERNAL_POLLING_THREAD, port, NULL, NULL, answer,
                                           metrics, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&listening,
                                           MHD_OPTION_CONNECTION_LIMIT, 16u, MHD_OPTION_CONNECTION_TIMEOUT, 10u,
                                           MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
    if (!metrics->daemon) {
        free(metrics);
        return NULL;
    }
    return metrics;
}

void metrics_stop(struct metrics *metrics)
{
    if (!metrics)
        return;
    if (metrics->daemon)
        MHD_stop_daemon(metrics->daemon);
    free(metrics);
}
