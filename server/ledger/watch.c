/* watch.c: polling tributary.log_versions(). */
#include "ledger/watch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/migrate.h"

enum {
    POLL_MILLISECONDS = 250,
    LOOK_MILLISECONDS = 5000,
    FRESH_MILLISECONDS = 1000,
    READY_MILLISECONDS = 5000,
    MOST_JURISDICTIONS = 1024
};

struct known {
    char jurisdiction[80];
    uint64_t sequence;
    uint64_t looked_at; /* the part of it that look() has seen: a commit of ours may hide another's before it */
};

struct watch {
    struct db *db;
    struct shelf *shelf;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct known known[MOST_JURISDICTIONS];
    size_t count;
    int64_t seen_at; /* monotonic ms of the last good look */
    bool fits, reachable, complained, stopping;
};

/* The entry of a jurisdiction, made if need be; NULL when there are too many. Call with the lock held. */
static struct known *find_known(struct watch *watch, const char *jurisdiction)
{
    for (size_t i = 0; i < watch->count; i++)
        if (strcmp(watch->known[i].jurisdiction, jurisdiction) == 0)
            return &watch->known[i];
    if (watch->count == MOST_JURISDICTIONS)
        return NULL;

    struct known *known = &watch->known[watch->count++];

    snprintf(known->jurisdiction, sizeof known->jurisdiction, "%s", jurisdiction);
    return known;
}

static void raise(struct known *known, uint64_t sequence)
{
    if (known && known->sequence < sequence)
        known->sequence = sequence;
}

/* Whether any of the sequences just read is new to look(). */
static bool is_news(struct watch *watch, const PGresult *sequences)
{
    bool news = false;

    pthread_mutex_lock(&watch->lock);
    for (int i = 0; i < PQntuples(sequences) && !news; i++) {
        const struct known *known = find_known(watch, PQgetvalue(sequences, i, 0));

        news = !known || known->looked_at < (uint64_t)result_int64(sequences, i, 1);
    }
    pthread_mutex_unlock(&watch->lock);
    return news;
}

static void take_in(struct watch *watch, const PGresult *sequences)
{
    pthread_mutex_lock(&watch->lock);
    for (int i = 0; i < PQntuples(sequences); i++) {
        struct known *known = find_known(watch, PQgetvalue(sequences, i, 0));

        raise(known, (uint64_t)result_int64(sequences, i, 1));
        if (known)
            known->looked_at = (uint64_t)result_int64(sequences, i, 1);
    }
    pthread_mutex_unlock(&watch->lock);
}

static enum db_status look(struct watch *watch)
{
    static const struct db_statement log_versions = {"log_versions",
                                                     "select jurisdiction, sequence from tributary.log_versions()", 0};
    PGresult *result = NULL;
    int64_t asked_at = clock_milliseconds();

    db_set_time(watch->db, LOOK_MILLISECONDS);

    enum schema_fit fit = schema_fit(watch->db);
    enum db_status status = fit == SCHEMA_FITS ? db_run(watch->db, &log_versions, NULL, &result)
                                               : (fit == SCHEMA_UNKNOWN ? DB_UNAVAILABLE : DB_FAILED);

    /* the plans first: whoever sees the new number must find the new plan */
    if (status == DB_OK && is_news(watch, result))
        status = shelf_refresh(watch->shelf, watch->db);
    if (status == DB_OK)
        take_in(watch, result);
    PQclear(result);
    pthread_mutex_lock(&watch->lock);
    watch->fits = fit == SCHEMA_FITS;
    watch->reachable = status == DB_OK;
    if (status == DB_OK)
        watch->seen_at = asked_at;
    pthread_mutex_unlock(&watch->lock);
    return status;
}

static void complain_once(struct watch *watch, enum db_status status)
{
    if (status != DB_OK && !watch->complained)
        log_event(LOG_WARNING, "database_unavailable", "%s", db_error(watch->db));
    if (status == DB_OK && watch->complained)
        log_event(LOG_INFO, "database_reachable", "answering again");
    watch->complained = status != DB_OK;
}

static void *run(void *argument)
{
    struct watch *watch = argument;

    pthread_mutex_lock(&watch->lock);
    while (!watch->stopping) {
        pthread_mutex_unlock(&watch->lock);
        complain_once(watch, look(watch));
        pthread_mutex_lock(&watch->lock);
        struct timespec until = clock_after(POLL_MILLISECONDS);

        if (!watch->stopping)
            pthread_cond_timedwait(&watch->wake, &watch->lock, &until);
    }
    pthread_mutex_unlock(&watch->lock);
    return NULL;
}

struct watch *watch_start(const char *database_url, struct shelf *shelf)
{
    struct watch *watch = calloc(1, sizeof *watch);

    if (!watch)
        return NULL;
    watch->shelf = shelf;
    watch->seen_at = -READY_MILLISECONDS;
    watch->db = db_new(database_url, "tributaryd watch");
    pthread_mutex_init(&watch->lock, NULL);
    clock_init_condition(&watch->wake);
    if (watch->db)
        db_step_down(watch->db, true);
    if (!watch->db || pthread_create(&watch->thread, NULL, run, watch) != 0) {
        db_free(watch->db);
        free(watch);
        return NULL;
    }
    return watch;
}

void watch_stop(struct watch *watch)
{
    if (!watch)
        return;
    pthread_mutex_lock(&watch->lock);
    watch->stopping = true;
    pthread_cond_signal(&watch->wake);
    pthread_mutex_unlock(&watch->lock);
    pthread_join(watch->thread, NULL);
    db_free(watch->db);
    pthread_cond_destroy(&watch->wake);
    pthread_mutex_destroy(&watch->lock);
    free(watch);
}

void watch_advance(const char *jurisdiction, uint64_t sequence, void *context)
{
    struct watch *watch = context;

    pthread_mutex_lock(&watch->lock);
    raise(find_known(watch, jurisdiction), sequence);
    pthread_mutex_unlock(&watch->lock);
}

bool watch_sequence(struct watch *watch, const char *jurisdiction, uint64_t *ret_sequence)
{
    bool known = false;

    pthread_mutex_lock(&watch->lock);
    if (clock_milliseconds() - watch->seen_at <= FRESH_MILLISECONDS) {
        for (size_t i = 0; i < watch->count && !known; i++) {
            known = strcmp(watch->known[i].jurisdiction, jurisdiction) == 0;
            if (known)
                *ret_sequence = watch->known[i].sequence;
        }
    }
    pthread_mutex_unlock(&watch->lock);
    return known;
}

bool watch_is_ready(struct watch *watch)
{
    pthread_mutex_lock(&watch->lock);
    bool ready = watch->fits && watch->reachable && clock_milliseconds() - watch->seen_at <= READY_MILLISECONDS;
    pthread_mutex_unlock(&watch->lock);
    return ready;
}
