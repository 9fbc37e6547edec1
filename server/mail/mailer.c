/* mailer.c: the loop: make what is to be made, send what is to be sent, rest. */
#include "mail/mailer.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "mail/making.h"
#include "mail/sending.h"

enum {
    REST_MILLISECONDS = 1000,
    MAKE_MILLISECONDS = 1000,
    MAKE_AGAIN_MILLISECONDS = 60 * 1000, /* after a fault of ours, which is logged each time */
    COUNT_MILLISECONDS = 5000,
    MAKE_DATABASE_MILLISECONDS = 30000,
    LAST_MOMENTS_MILLISECONDS = 3000,
    MOST_IN_A_ROW = 50,
    LONGEST_PAUSE_SECONDS = 300,
};

struct mailer {
    struct mailer_options options;
    struct db *db;
    struct smtp *smtp;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_int_least64_t stop_at; /* monotonic ms; 0: goes on */
    atomic_ullong made, sent, failed, given_up;
    atomic_llong waiting;
    int64_t make_at, count_at, send_at; /* monotonic ms: not before */
    int pauses;                         /* how often in a row the mail server took no mail */
    bool complained;                    /* that the database is out of reach */
};

static bool is_stopping(struct mailer *mailer)
{
    return atomic_load(&mailer->stop_at) != 0;
}

/* Sleeps; less when it is told to stop. */
static void rest(struct mailer *mailer, int milliseconds)
{
    struct timespec until = clock_after(milliseconds);

    pthread_mutex_lock(&mailer->lock);
    if (!is_stopping(mailer))
        pthread_cond_timedwait(&mailer->wake, &mailer->lock, &until);
    pthread_mutex_unlock(&mailer->lock);
}

/* ---- making ------------------------------------------------------------------------------------------------------- */

static enum db_status make(struct mailer *mailer, const char *jurisdiction)
{
    struct making making = {.db = mailer->db,
                            .shelf = mailer->options.shelf,
                            .settings = mailer->options.settings,
                            .jurisdiction = jurisdiction,
                            .now = clock_now()};
    int64_t made;

    db_set_time(mailer->db, MAKE_DATABASE_MILLISECONDS);
    enum db_status status = mails_make(&making, &made);

    if (status == DB_OK && made > 0)
        log_event(LOG_INFO, "mails_made", "%lld", (long long)made);
    if (status == DB_FAILED)
        mailer->make_at = clock_milliseconds() + MAKE_AGAIN_MILLISECONDS;
    if (status == DB_FAILED)
        log_event(LOG_ERROR, "mails_not_made", "%s %s", db_sqlstate(mailer->db), db_error(mailer->db));
    atomic_fetch_add(&mailer->made, (unsigned long long)made);
    return status;
}

/* ---- sending ------------------------------------------------------------------------------------------------------ */

/* The mail server takes no mail: the next one waits, longer each time. */
static void pause_sending(struct mailer *mailer, const char *words)
{
    long seconds = mailer->options.settings->retry_seconds;

    for (int i = 0; i < mailer->pauses && seconds < LONGEST_PAUSE_SECONDS; i++)
        seconds *= 2;
    if (seconds > LONGEST_PAUSE_SECONDS)
        seconds = LONGEST_PAUSE_SECONDS;
    if (mailer->pauses++ == 0)
        log_event(LOG_WARNING, "mail_server_unavailable", "%s", words);
    mailer->send_at = clock_milliseconds() + seconds * 1000;
}

static void count_outcome(struct mailer *mailer, enum sending_outcome outcome, const char *words)
{
    if (outcome == SENDING_SENT)
        atomic_fetch_add(&mailer->sent, 1);
    if (outcome == SENDING_FAILED || outcome == SENDING_DOWN)
        atomic_fetch_add(&mailer->failed, 1);
    if (outcome == SENDING_REFUSED)
        atomic_fetch_add(&mailer->given_up, 1);
    if (outcome == SENDING_FAILED || outcome == SENDING_REFUSED)
        log_event(LOG_WARNING, outcome == SENDING_FAILED ? "mail_failed" : "mail_refused", "%s", words);
    if (outcome == SENDING_DOWN && !is_stopping(mailer))
        pause_sending(mailer, words);
    if (outcome == SENDING_SENT && mailer->pauses > 0) {
        log_event(LOG_INFO, "mail_server_reachable", "sending again");
        mailer->pauses = 0;
    }
}

/* Sends what a jurisdiction has, as fast as the settings allow. *ret_busy: there may be more. */
static enum db_status send_some(struct mailer *mailer, const char *jurisdiction, bool *ret_busy)
{
    const struct sending sending = {.db = mailer->db,
                                    .shelf = mailer->options.shelf,
                                    .settings = mailer->options.settings,
                                    .smtp = mailer->smtp,
                                    .jurisdiction = jurisdiction,
                                    .sample = mailer->options.sample,
                                    .stop_at = &mailer->stop_at};
    enum sending_outcome outcome = SENDING_SENT;
    char words[SMTP_WORDS_SIZE];

    for (int i = 0; i < MOST_IN_A_ROW && clock_milliseconds() >= mailer->send_at && !is_stopping(mailer); i++) {
        outcome = send_next_mail(&sending, words);
        if (outcome == SENDING_NOTHING || outcome == SENDING_UNAVAILABLE)
            break;
        if (outcome != SENDING_NEEDLESS)
            mailer->send_at = clock_milliseconds() + 60000 / mailer->options.settings->per_minute;
        count_outcome(mailer, outcome, words);
    }
    if (outcome != SENDING_NOTHING)
        *ret_busy = true;
    return outcome == SENDING_UNAVAILABLE ? DB_UNAVAILABLE : DB_OK;
}

/* ---- the loop ----------------------------------------------------------------------------------------------------- */

static enum db_status work_for(struct mailer *mailer, const char *jurisdiction, bool makes, bool *ret_busy)
{
    enum db_status status = makes ? make(mailer, jurisdiction) : DB_OK;

    /* what couldn't be made doesn't hold up what was */
    return status == DB_UNAVAILABLE ? status : send_some(mailer, jurisdiction, ret_busy);
}

static enum db_status count_waiting(struct mailer *mailer, const char *jurisdiction, int64_t *waiting)
{
    struct db_context context = mail_context(jurisdiction);
    int64_t count = 0;

    db_set_time(mailer->db, MAKE_DATABASE_MILLISECONDS);
    enum db_status status = db_snapshot_begin(mailer->db, &context);

    if (status == DB_OK)
        status = mail_count(mailer->db, &count);
    db_snapshot_end(mailer->db);
    *waiting += count;
    return status;
}

static enum db_status work(struct mailer *mailer, bool *ret_busy)
{
    static const struct db_statement list = {"mail_jurisdictions",
                                             "select jurisdiction from tributary.jurisdiction order by 1", 0};
    int64_t now = clock_milliseconds(), waiting = 0;
    bool makes = now >= mailer->make_at;
    bool counts = now >= mailer->count_at;
    PGresult *rows = NULL;

    if (makes)
        mailer->make_at = now + MAKE_MILLISECONDS;
    db_set_time(mailer->db, MAKE_DATABASE_MILLISECONDS);
    enum db_status status = db_run(mailer->db, &list, NULL, &rows);

    for (int i = 0; status == DB_OK && i < PQntuples(rows) && !is_stopping(mailer); i++) {
        status = work_for(mailer, PQgetvalue(rows, i, 0), makes, ret_busy);
        if (status == DB_OK && counts)
            status = count_waiting(mailer, PQgetvalue(rows, i, 0), &waiting);
    }
    PQclear(rows);
    if (status != DB_OK)
        db_change_end(mailer->db, false); /* whatever was open: the next round begins anew */
    if (counts && status == DB_OK) {
        atomic_store(&mailer->waiting, waiting);
        mailer->count_at = now + COUNT_MILLISECONDS;
    }
    return status;
}

static void complain_once(struct mailer *mailer, enum db_status status)
{
    if (status != DB_OK && !mailer->complained)
        log_event(LOG_WARNING, "mail_database_unavailable", "%s", db_error(mailer->db));
    mailer->complained = status != DB_OK;
}

/* How long until there is something to do: the next mail may wait for its turn only. */
static int milliseconds_to_rest(const struct mailer *mailer, bool busy)
{
    int64_t left = mailer->send_at - clock_milliseconds();

    if (!busy)
        return REST_MILLISECONDS;
    return left <= 0 ? 0 : left < REST_MILLISECONDS ? (int)left : REST_MILLISECONDS;
}

static void *run(void *argument)
{
    struct mailer *mailer = argument;

    while (!is_stopping(mailer)) {
        bool busy = false;
        enum db_status status = work(mailer, &busy);
        int milliseconds = milliseconds_to_rest(mailer, busy && status == DB_OK);

        complain_once(mailer, status);
        if (!busy)
            smtp_rest(mailer->smtp);
        if (milliseconds > 0)
            rest(mailer, milliseconds);
    }
    return NULL;
}

static void mailer_free(struct mailer *mailer)
{
    smtp_free(mailer->smtp);
    db_free(mailer->db);
    pthread_cond_destroy(&mailer->wake);
    pthread_mutex_destroy(&mailer->lock);
    free(mailer);
}

struct mailer *mailer_start(const struct mailer_options *options)
{
    struct mailer *mailer = calloc(1, sizeof *mailer);

    if (!mailer)
        return NULL;
    mailer->options = *options;
    pthread_mutex_init(&mailer->lock, NULL);
    clock_init_condition(&mailer->wake);
    mailer->db = db_new(options->database_url, "tributaryd mail");
    if (curl_global_init(CURL_GLOBAL_DEFAULT) == 0)
        mailer->smtp = smtp_new(options->settings, &mailer->stop_at);
    if (mailer->db)
        db_step_down(mailer->db, true);
    if (!mailer->db || !mailer->smtp || pthread_create(&mailer->thread, NULL, run, mailer) != 0) {
        mailer_free(mailer);
        return NULL;
    }
    return mailer;
}

void mailer_end_soon(struct mailer *mailer)
{
    if (!mailer || is_stopping(mailer))
        return;
    pthread_mutex_lock(&mailer->lock);
    atomic_store(&mailer->stop_at, clock_milliseconds() + LAST_MOMENTS_MILLISECONDS);
    pthread_cond_signal(&mailer->wake);
    pthread_mutex_unlock(&mailer->lock);
}

void mailer_stop(struct mailer *mailer)
{
    if (!mailer)
        return;
    mailer_end_soon(mailer);
    pthread_join(mailer->thread, NULL);
    mailer_free(mailer);
}

struct mailer_counts mailer_counts(struct mailer *mailer)
{
    return (struct mailer_counts){.made = atomic_load(&mailer->made),
                                  .sent = atomic_load(&mailer->sent),
                                  .failed = atomic_load(&mailer->failed),
                                  .given_up = atomic_load(&mailer->given_up),
                                  .waiting = atomic_load(&mailer->waiting)};
}
