/* caretaker.c: a thread that sleeps most of the time. */
#include "command/caretaker.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "identity/accounts.h"
#include "ledger/act.h"

enum { ROUND_SECONDS = 3600, ASK_MILLISECONDS = 20000, RECORD_MILLISECONDS = 12000 };

struct caretaker {
    struct db *db;
    struct writer *writer;
    char idle_days[24];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping, recorded;
};

static void done(struct job *job, void *owner)
{
    struct caretaker *caretaker = owner;

    (void)job;
    pthread_mutex_lock(&caretaker->lock);
    caretaker->recorded = true;
    pthread_cond_signal(&caretaker->wake);
    pthread_mutex_unlock(&caretaker->lock);
}

/* Records it and waits until it is; nobody is signed in. */
static void disable(struct caretaker *caretaker, const char *account, const char *jurisdiction)
{
    const char *const parameters[] = {account, caretaker->idle_days, NULL, ACTOR_NOBODY, NULL, NULL};
    struct principal nobody = {.role = 0};
    struct act act = {.kind = "account_disabled", .statement = &record_idle_account, .parameters = parameters};

    snprintf(nobody.actor, sizeof nobody.actor, "%s", ACTOR_NOBODY);
    snprintf(nobody.jurisdiction, sizeof nobody.jurisdiction, "%s", jurisdiction);
    act.job.kind = &act_job;
    act.job.principal = &nobody;
    act.job.done = done;
    act.job.owner = caretaker;
    act.job.deadline = clock_milliseconds() + RECORD_MILLISECONDS;
    caretaker->recorded = false;
    if (!writer_submit(caretaker->writer, &act.job))
        return;
    pthread_mutex_lock(&caretaker->lock);
    while (!caretaker->recorded)
        pthread_cond_wait(&caretaker->wake, &caretaker->lock);
    pthread_mutex_unlock(&caretaker->lock);
    if (act.job.outcome == JOB_RECORDED)
        log_event(LOG_INFO, "account_disabled", "%s: idle", account);
    free(act.job.entry);
}

static bool is_stopping(struct caretaker *caretaker)
{
    pthread_mutex_lock(&caretaker->lock);
    bool stopping = caretaker->stopping;

    pthread_mutex_unlock(&caretaker->lock);
    return stopping;
}

static void look_around(struct caretaker *caretaker)
{
    static const struct db_statement idle = {
        "idle_accounts", "select account, jurisdiction from tributary.idle_accounts($1::integer)", 1};
    static const struct db_statement forget = {"forget_sessions", "select tributary.forget_sessions()", 0};
    PGresult *result = NULL;
    enum db_status status;

    db_set_time(caretaker->db, ASK_MILLISECONDS);
    status = db_run(caretaker->db, &forget, NULL, NULL);
    if (status == DB_OK)
        status = db_run(caretaker->db, &idle, (const char *const[]){caretaker->idle_days}, &result);
    if (status != DB_OK)
        log_event(LOG_WARNING, "caretaker_failed", "%s", db_error(caretaker->db));
    for (int i = 0; status == DB_OK && i < PQntuples(result) && !is_stopping(caretaker); i++)
        disable(caretaker, PQgetvalue(result, i, 0), PQgetvalue(result, i, 1));
    PQclear(result);
}

static void *run(void *argument)
{
    struct caretaker *caretaker = argument;
    bool stopping = false;

    while (!stopping) {
        look_around(caretaker);
        struct timespec until = clock_after(ROUND_SECONDS * 1000);

        pthread_mutex_lock(&caretaker->lock);
        while (!caretaker->stopping && pthread_cond_timedwait(&caretaker->wake, &caretaker->lock, &until) == 0)
            ;
        stopping = caretaker->stopping;
        pthread_mutex_unlock(&caretaker->lock);
    }
    return NULL;
}

struct caretaker *caretaker_start(const char *database_url, struct writer *writer, long idle_days)
{
    struct caretaker *caretaker = calloc(1, sizeof *caretaker);

    if (!caretaker)
        return NULL;
    caretaker->writer = writer;
    snprintf(caretaker->idle_days, sizeof caretaker->idle_days, "%ld", idle_days);
    pthread_mutex_init(&caretaker->lock, NULL);
    clock_init_condition(&caretaker->wake);
    caretaker->db = db_new(database_url, "tributaryd caretaker");
    if (caretaker->db)
        db_step_down(caretaker->db, true);
    if (!caretaker->db || pthread_create(&caretaker->thread, NULL, run, caretaker) != 0) {
        db_free(caretaker->db);
        free(caretaker);
        return NULL;
    }
    return caretaker;
}

void caretaker_stop(struct caretaker *caretaker)
{
    if (!caretaker)
        return;
    pthread_mutex_lock(&caretaker->lock);
    caretaker->stopping = true;
    pthread_cond_signal(&caretaker->wake);
    pthread_mutex_unlock(&caretaker->lock);
    pthread_join(caretaker->thread, NULL);
    db_free(caretaker->db);
    pthread_cond_destroy(&caretaker->wake);
    pthread_mutex_destroy(&caretaker->lock);
    free(caretaker);
}
