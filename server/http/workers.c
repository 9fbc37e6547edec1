/* workers.c: a bounded queue and a few threads. */
#include "http/workers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/handover.h"
#include "db/db.h"
#include "http/request.h"

enum { MOST_WORKERS = 64, WORK_MILLISECONDS = 20000 };

struct worker {
    struct workers *workers;
    struct db *db;
    pthread_t thread;
};

struct queue {
    struct request *first, **last;
};

struct workers {
    void (*work)(struct request *, struct db *);
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct queue queues[2]; /* by whether they read */
    size_t busy[2];         /* workers, by whether they read */
    size_t waiting, queue_limit, count;
    bool stopping;
    struct worker threads[MOST_WORKERS];
};

static bool is_read(const struct request *request)
{
    return strcmp(request->method, "POST") != 0;
}

/* Of several workers neither kind takes the last one. */
static bool may_take(const struct workers *workers, bool reads)
{
    return workers->queues[reads].first && (workers->busy[reads] + 1 < workers->count || workers->count == 1);
}

/* Hand-ins first; but however many figures are asked for, what is handed in doesn't wait for them, and however many
 * files are checked, figures don't wait for these. NULL: nothing to do now. Call with the lock held. */
static struct request *take(struct workers *workers)
{
    bool reads = !may_take(workers, false);
    struct queue *queue = &workers->queues[reads];
    struct request *request = queue->first;

    if (!may_take(workers, reads))
        return NULL;
    queue->first = request->next;
    if (!queue->first)
        queue->last = &queue->first;
    workers->waiting--;
    return request;
}

static void *run(void *argument)
{
    struct worker *worker = argument;
    struct workers *workers = worker->workers;

    for (;;) {
        struct request *request;

        pthread_mutex_lock(&workers->lock);
        while (!(request = take(workers)) && !(workers->stopping && workers->waiting == 0))
            pthread_cond_wait(&workers->wake, &workers->lock);
        bool reads = request && is_read(request);

        workers->busy[reads] += request != NULL;
        pthread_mutex_unlock(&workers->lock);
        if (!request)
            return NULL;
        db_set_time(worker->db, WORK_MILLISECONDS);
        workers->work(request, worker->db);
        pthread_mutex_lock(&workers->lock);
        workers->busy[reads]--;
        if (workers->stopping)
            pthread_cond_broadcast(&workers->wake);
        else
            pthread_cond_signal(&workers->wake);
        pthread_mutex_unlock(&workers->lock);
    }
}

static bool start_one(struct workers *workers, const char *database_url)
{
    struct worker *worker = &workers->threads[workers->count];

    worker->workers = workers;
    worker->db = db_new(database_url, "tributaryd worker");
    if (!worker->db)
        return false;
    db_step_down(worker->db, true);
    if (pthread_create(&worker->thread, NULL, run, worker) != 0) {
        db_free(worker->db);
        return false;
    }
    workers->count++;
    return true;
}

struct workers *workers_start(const char *database_url, size_t count, size_t queue_limit,
                              void (*work)(struct request *, struct db *))
{
    struct workers *workers = calloc(1, sizeof *workers);

    if (!workers)
        return NULL;
    workers->work = work;
    workers->queue_limit = queue_limit;
    for (size_t i = 0; i < 2; i++)
        workers->queues[i].last = &workers->queues[i].first;
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->wake, NULL);
    while (workers->count < count && workers->count < MOST_WORKERS) {
        if (!start_one(workers, database_url)) {
            workers_free(workers);
            return NULL;
        }
    }
    return workers;
}

bool workers_push(struct workers *workers, struct request *request, bool must)
{
    bool accepted;

    request->next = NULL;
    pthread_mutex_lock(&workers->lock);
    accepted = !workers->stopping && (must || workers->waiting < workers->queue_limit);
    if (accepted) {
        struct queue *queue = &workers->queues[is_read(request)];

        *queue->last = request;
        queue->last = &request->next;
        workers->waiting++;
        pthread_cond_signal(&workers->wake);
    }
    pthread_mutex_unlock(&workers->lock);
    handed_over();
    return accepted;
}

void workers_finish(struct workers *workers)
{
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->stopping = true;
    pthread_cond_broadcast(&workers->wake);
    pthread_mutex_unlock(&workers->lock);
    for (size_t i = 0; i < workers->count; i++) {
        pthread_join(workers->threads[i].thread, NULL);
        db_free(workers->threads[i].db);
    }
    workers->count = 0;
}

void workers_free(struct workers *workers)
{
    if (!workers)
        return;
    workers_finish(workers);
    pthread_cond_destroy(&workers->wake);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
