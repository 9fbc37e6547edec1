/* waiting.c: sending what waits. */
#include "waiting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fetch.h"
#include "known_server.h"
#include "plan_cache.h"
#include "progress.h"
#include "submission.h"

/* What is to be sent now, in order. */
struct queue {
    struct outbox_entry *entries;
    size_t count;
};

enum exit_status waiting_open(struct client *client, struct outbox **ret_outbox)
{
    int error = outbox_open(client->arena, client->config.state, ret_outbox);

    return error ? client_machine_fault(client, client->config.state, error) : EXIT_DONE;
}

static bool is_among(const char *id, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

static bool is_wanted(const struct queue *all, size_t at, const char *const *ids, size_t id_count)
{
    if (!ids || is_among(all->entries[at].id, ids, id_count))
        return true;
    for (size_t later = at + 1; later < all->count; later++)
        if (is_among(all->entries[later].id, ids, id_count) &&
            outbox_same_report(&all->entries[at], &all->entries[later]))
            return true;
    return false;
}

/* Whether an entry is sent to this server. What was kept for another is only when everything is to be sent: submitting
 * one file takes no other along. */
static bool is_for(struct client *client, struct outbox_entry *entry, const char *server, bool everything,
                   enum exit_status *status)
{
    if (strcmp(entry->server, server) == 0)
        return true;
    if (!everything)
        return false;
    if (!known_server_lets_go(client, entry->server, server, entry->file ? entry->file : entry->id)) {
        *status = exit_worse(*status, EXIT_UNREACHABLE);
        return false;
    }
    entry->server = server;
    return true;
}

/* Reads all entries for this server. One that can't be read is said and left where it is. */
static enum exit_status read_all(struct client *client, struct outbox *outbox, const char *server, bool everything,
                                 struct queue *ret_queue)
{
    const char **ids;
    size_t count;
    int error = outbox_list(outbox, SHELF_OUTBOX, &ids, &count);
    enum exit_status status = EXIT_DONE;

    if (error)
        return client_machine_fault(client, client->config.state, error);
    ret_queue->entries = arena_alloc_array(client->arena, count + 1, sizeof *ret_queue->entries);
    for (size_t i = 0; ret_queue->entries && i < count; i++) {
        struct outbox_entry *entry = &ret_queue->entries[ret_queue->count];

        error = outbox_read(outbox, SHELF_OUTBOX, ids[i], entry);
        if (error && error != ENOENT)
            status = client_machine_fault(client, outbox_entry_file(outbox, SHELF_OUTBOX, ids[i]), error);
        else if (!error && is_for(client, entry, server, everything, &status))
            ret_queue->count++;
    }
    return ret_queue->entries ? status : client_usage(client, client_word(client, out_of_memory));
}

static void keep_wanted(struct queue *queue, const char *const *ids, size_t id_count)
{
    size_t kept = 0;

    /* In place: what is kept only moves to the front, and later entries decide before they are moved. */
    for (size_t i = 0; i < queue->count; i++)
        if (is_wanted(queue, i, ids, id_count))
            queue->entries[kept++] = queue->entries[i];
    queue->count = kept;
}

static enum exit_status send_all(struct client *client, struct outbox *outbox, const struct queue *queue,
                                 const struct plan *plan)
{
    struct progress progress = progress_begin(queue->count, client_option(client, "progress") != NULL);
    enum exit_status status = EXIT_DONE;

    for (size_t i = 0; i < queue->count; i++) {
        const struct outbox_entry *entry = &queue->entries[i];

        progress_clear(&progress);

        struct verdict verdict = submission_send(client, outbox, plan, entry);

        status = exit_worse(status, verdict.status);
        progress_step(&progress, entry->file ? entry->file : "");
        if (verdict.stop) {
            progress_clear(&progress);
            if (i + 1 < queue->count)
                client_say(client, wait_too, client_number(client, (long long)(queue->count - i - 1)));
            break;
        }
    }
    return status;
}

static int lock_sending(struct client *client, struct outbox *outbox, int *ret_lock)
{
    int error = outbox_lock(outbox, false, ret_lock);

    if (error != EWOULDBLOCK)
        return error;
    client_say(client, other_process_sends);
    return outbox_lock(outbox, true, ret_lock);
}

/* Only where there was an answer does the server have anything to say about its plan. */
static void renew_plan(struct client *client)
{
    struct cached_plan plan = {0};

    plan_current(client, &plan);
    cached_plan_release(&plan);
}

enum exit_status waiting_send(struct client *client, struct outbox *outbox, const char *const *ids, size_t id_count)
{
    const char *server = fetch_server(client);
    struct queue queue = {0};
    struct cached_plan plan;
    int lock, error = server ? lock_sending(client, outbox, &lock) : 0;

    if (!server)
        return EXIT_USAGE;
    if (error)
        return client_machine_fault(client, client->config.state, error);
    plan_if_cached(client, &plan);

    enum exit_status status = read_all(client, outbox, server, ids == NULL, &queue);

    keep_wanted(&queue, ids, id_count);
    if (queue.count > 0)
        status = exit_worse(status, send_all(client, outbox, &queue, plan.plan));
    outbox_unlock(lock);
    cached_plan_release(&plan);
    if (queue.count > 0 && status < EXIT_UNREACHABLE)
        renew_plan(client);
    return status;
}
