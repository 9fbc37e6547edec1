/* workers.c: a bounded queue and a few threads. */
#include "http/workers.h"

#include <pthread.h>
#include <stdlib.h>

#include "db/db.h"
#include "http/request.h"

enum { MOST_WORKERS = 64, WORK_MILLISECONDS = 20000 };

struct worker {
    struct workers *workers;
    struct db *db;
    pthread_t thread;
};

struct workers {
    void (*work)(struct request *, struct db *);
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct request *first, **last;
    size_t waiting, queue_limit, count;
    bool stopping;
    struct worker threads[MOST_WORKERS];
};

static void *run(void *argument)
{
    struct worker *worker = argument;
    struct workers *workers = worker->workers;

    for (;;) {
        pthread_mutex_lock(&workers->lock);
        while (!workers->first && !workers->stopping)
            pthread_cond_wait(&workers->wake, &workers->lock);
        struct request *request = workers->first;

        if (request) {
            workers->first = request->next;
            if (!workers->first)
                workers->last = &workers->first;
            workers->waiting--;
        }
        pthread_mutex_unlock(&workers->lock);
        if (!request)
            return NULL;
        db_set_time(worker->db, WORK_MILLISECONDS);
        workers->work(request, worker->db);
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
    workers->last = &workers->first;
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->wake, NULL);
    while (workers->count < count && workers->count < MOST_WORKERS) {
        if (!start_one(workers, database_url)) {
            workers_stop(workers);
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
    accepted = must || (!workers->stopping && workers->waiting < workers->queue_limit);
    if (accepted) {
        *workers->last = request;
        workers->last = &request->next;
        workers->waiting++;
        pthread_cond_signal(&workers->wake);
    }
    pthread_mutex_unlock(&workers->lock);
    return accepted;
}

void workers_stop(struct workers *workers)
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
    pthread_cond_destroy(&workers->wake);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
