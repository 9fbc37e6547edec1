/* serve.c: tributaryd serve: the order of start and stop. */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/handlers.h"
#include "base/log.h"
#include "command/caretaker.h"
#include "command/command.h"
#include "db/migrate.h"
#include "http/router.h"
#include "http/server.h"
#include "mail/settings.h"

enum { LAST_WAITS_MILLISECONDS = 8000, DRAIN_SECONDS = 15, START_SECONDS = 60 };

struct numbers {
    long port, metrics_port, read_workers, queue_limit, batch_limit, connection_limit, idle_seconds, upload_budget,
        reply_budget, hand_ins_per_second, attachment_limit, attachment_uploads, attachment_bytes, attachment_hours,
        session_idle_minutes, session_hours, account_idle_days, reset_hours, sign_ins_at_once;
};

static bool read_numbers(const struct command_context *context, struct numbers *numbers)
{
    const struct {
        const char *key;
        long least, most, *value;
    } keys[] = {
        {"port", 0, 65535, &numbers->port},
        {"metrics_port", 0, 65535, &numbers->metrics_port},
        {"read_workers", 1, 64, &numbers->read_workers},
        {"queue_limit", 1, 1000000, &numbers->queue_limit},
        {"batch_limit", 1, 128, &numbers->batch_limit},
        {"connection_limit", 16, 100000, &numbers->connection_limit},
        {"idle_seconds", 1, 3600, &numbers->idle_seconds},
        {"upload_budget", 16L * 1024 * 1024, 16L * 1024 * 1024 * 1024, &numbers->upload_budget},
        {"reply_budget", 1024L * 1024, 16L * 1024 * 1024 * 1024, &numbers->reply_budget},
        {"hand_ins_per_second", 1, 1000000, &numbers->hand_ins_per_second},
        {"attachment_limit", 1, 1024L * 1024 * 1024, &numbers->attachment_limit},
        {"attachment_uploads", 1, 10000, &numbers->attachment_uploads},
        {"attachment_bytes", 1, 1024L * 1024 * 1024 * 1024, &numbers->attachment_bytes},
        {"attachment_hours", 1, 8760, &numbers->attachment_hours},
        {"session_idle_minutes", 1, 1440, &numbers->session_idle_minutes},
        {"session_hours", 1, 720, &numbers->session_hours},
        {"account_idle_days", 0, 3650, &numbers->account_idle_days},
        {"reset_hours", 1, 720, &numbers->reset_hours},
        {"sign_ins_at_once", 1, 64, &numbers->sign_ins_at_once},
    };
    char fault[256];

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!settings_get_number(context->settings, context->setting_count, keys[i].key, keys[i].least, keys[i].most,
                                 keys[i].value, fault, sizeof fault)) {
            fprintf(stderr, "tributaryd serve: %s\n", fault);
            return false;
        }
    }
    return true;
}

/* Whether the cookie needs TLS: only a loopback without proxies in front of it can do without. */
static bool read_cookie_secure(const char *text, const char *address, const struct networks *proxies, bool *ret_secure)
{
    static const char loopback[] = "127.0.0.0/8, ::1";
    struct networks own;
    struct network listening;

    if (strcmp(text, "auto") == 0) {
        *ret_secure = proxies->count > 0 || !network_parse(address, &listening) || !networks_parse(loopback, &own) ||
                      !networks_contain(&own, &listening);
        return true;
    }
    *ret_secure = strcmp(text, "yes") == 0;
    return *ret_secure || strcmp(text, "no") == 0;
}

static bool read_account_rules(const struct command_context *context, const struct numbers *numbers,
                               struct account_rules *rules)
{
    *rules = (struct account_rules){.session_idle_seconds = numbers->session_idle_minutes * 60,
                                    .session_seconds = numbers->session_hours * 3600,
                                    .reset_seconds = numbers->reset_hours * 3600,
                                    .idle_days = numbers->account_idle_days};
    if (!networks_parse(setting(context, "trusted_proxies"), &rules->proxies))
        fprintf(stderr, "tributaryd serve: trusted_proxies must be networks such as 127.0.0.1,10.0.0.0/8, %d at most\n",
                NETWORKS_MOST);
    else if (!roles_parse(setting(context, "totp_required_roles"), &rules->roles_with_totp))
        fprintf(stderr, "tributaryd serve: totp_required_roles must be roles such as admin,geo\n");
    else if (!read_cookie_secure(setting(context, "cookie_secure"), setting(context, "listen_address"), &rules->proxies,
                                 &rules->cookie_secure))
        fprintf(stderr, "tributaryd serve: cookie_secure must be auto, yes or no\n");
    else
        return true;
    return false;
}

/* Waits a moment; true if a signal to stop came in it. */
static bool is_stopped_meanwhile(const sigset_t *signals)
{
    const struct timespec moment = {.tv_nsec = 250 * 1000 * 1000};
    int signal_number = sigtimedwait(signals, NULL, &moment);

    return signal_number == SIGTERM || signal_number == SIGINT;
}

/* Waits for a database that is only just starting; false (with words) if it can't be worked with. */
static bool wait_for_schema(struct db *db, const sigset_t *signals)
{
    enum schema_fit fit = SCHEMA_UNKNOWN;

    for (int i = 0; i < START_SECONDS * 4 && (fit = schema_fit(db)) == SCHEMA_UNKNOWN; i++) {
        if (i == 0)
            log_event(LOG_WARNING, "waiting_for_database", "%s", db_error(db));
        if (is_stopped_meanwhile(signals))
            break;
    }
    switch (fit) {
    case SCHEMA_FITS: return true;
    case SCHEMA_MISSING:
    case SCHEMA_BEHIND: log_event(LOG_ERROR, "schema_behind", "run `tributaryd migrate` first"); break;
    case SCHEMA_TOO_NEW:
        log_event(LOG_ERROR, "program_too_old", "this program is older than the database allows; install a newer one");
        break;
    case SCHEMA_UNKNOWN: log_event(LOG_ERROR, "database_unavailable", "%s", db_error(db)); break;
    }
    return false;
}

static bool is_sample(struct db *db, bool *ret_sample)
{
    static const struct db_statement ask = {"is_sample", "select sample from tributary.installation", 0};
    PGresult *result = NULL;
    enum db_status status = db_run(db, &ask, NULL, &result);

    if (status == DB_OK)
        *ret_sample = PQntuples(result) == 1 && result_bool(result, 0, 0);
    PQclear(result);
    return status == DB_OK;
}

/* Checks the database and the key with the daemon's own login. */
static bool prepare(const struct command_context *context, struct signer *signer, struct service *service,
                    const sigset_t *signals)
{
    struct db *db = db_new(setting(context, "database_url"), "tributaryd");
    char fault[512];
    bool registered = false, good = false;

    if (!db)
        return false;
    db_step_down(db, true);
    if (!wait_for_schema(db, signals))
        goto done;
    if (db_stepped_down(db))
        log_event(LOG_WARNING, "powerful_login",
                  "the database login could bypass row-level security; working as tributary_daemon."
                  " Give the daemon a login of its own");
    if (!signer_open(signer, setting(context, "signing_key_file"), false, fault, sizeof fault)) {
        log_event(LOG_ERROR, "signing_key", "%s (tributaryd migrate makes one)", fault);
        goto done;
    }
    if (signer_is_registered(signer, db, &registered) != DB_OK || !registered) {
        log_event(LOG_ERROR, "signing_key",
                  "key %s is not the one that the database lists; run `tributaryd migrate` with this key file",
                  signer->key);
        goto done;
    }
    good = is_sample(db, &service->sample) && shelf_refresh(service->shelf, db) == DB_OK &&
           upload_drop_expired(db) == DB_OK;
    if (!good)
        log_event(LOG_ERROR, "database_unavailable", "%s", db_error(db));

done:
    db_free(db);
    return good;
}

/* Starts the thread that mails, where it is to run. False: it can't. */
static bool start_mailer(const struct command_context *context, const struct mail_settings *mail,
                         struct service *service)
{
    if (!mail->url) {
        log_event(LOG_INFO, "mail_off", "smtp_url is not set: no mail is made or sent");
        return true;
    }
    if (service->sample && !mail->from_samples) {
        log_event(LOG_INFO, "mail_off", "sample data mail nobody, unless mail_from_samples is yes");
        return true;
    }
    service->mailer = mailer_start(&(struct mailer_options){.database_url = setting(context, "database_url"),
                                                            .settings = mail,
                                                            .shelf = service->shelf,
                                                            .sample = service->sample});
    if (!service->mailer)
        log_event(LOG_ERROR, "start_failed", "mail");
    return service->mailer != NULL;
}

static void wait_for_signal(const sigset_t *signals)
{
    int signal_number;

    while (sigwait(signals, &signal_number) != 0 || signal_number == SIGPIPE)
        ;
    log_event(LOG_INFO, "stopping", "signal %d", signal_number);
}

static bool run(const struct command_context *context, const struct numbers *numbers, const struct mail_settings *mail,
                struct service *service, const sigset_t *signals)
{
    const char *url = setting(context, "database_url");
    char fault[512];
    struct server_options options = {
        .address = setting(context, "listen_address"),
        .port = (unsigned short)numbers->port,
        .metrics_address = setting(context, "metrics_address"),
        .metrics_port = (unsigned short)numbers->metrics_port,
        .database_url = url,
        .workers = (size_t)numbers->read_workers,
        .queue_limit = (size_t)numbers->queue_limit,
        .connection_limit = (unsigned)numbers->connection_limit,
        .idle_seconds = (unsigned)numbers->idle_seconds,
        .upload_budget = (size_t)numbers->upload_budget,
        .reply_budget = (size_t)numbers->reply_budget,
        .service = service,
        .routes = routes,
        .record_export = record_export,
    };

    service->watch = watch_start(url, service->shelf);
    service->writer = service->watch
                          ? writer_start(&(struct writer_options){.database_url = url,
                                                                  .signer = service->signer,
                                                                  .queue_limit = (size_t)numbers->queue_limit,
                                                                  .batch_limit = (size_t)numbers->batch_limit,
                                                                  .committed = watch_advance,
                                                                  .context = service->watch})
                          : NULL;
    bool mails = service->writer && start_mailer(context, mail, service);
    struct server *server = mails ? server_start(&options, fault, sizeof fault) : NULL;

    struct caretaker *caretaker =
        server ? caretaker_start(url, service->writer, service->account_rules.idle_days) : NULL;

    if (server) {
        log_event(LOG_INFO, "serving", "http://%s:%d", options.address, server_port(server));
        wait_for_signal(signals);
        db_end_waits_in(LAST_WAITS_MILLISECONDS);
        mailer_end_soon(service->mailer);
        caretaker_stop(caretaker);
        server_stop(server, DRAIN_SECONDS);
    } else {
        log_event(LOG_ERROR, "start_failed", "%s", mails ? fault : "out of memory");
    }
    mailer_stop(service->mailer);
    writer_free(service->writer);
    watch_stop(service->watch);
    log_event(LOG_INFO, "stopped", "%s", "");
    return server != NULL;
}

/* The C library lets each thread's heap keep, unused, twice the size of the largest buffer that was ever given back: after
 * some meeting papers hundreds of megabytes. Bounded, the larger buffers go back to the system one by one. */
static void bound_kept_memory(void)
{
    enum { MOST_KEPT = 1024 * 1024 };

    mallopt(M_MMAP_THRESHOLD, MOST_KEPT);
    mallopt(M_TRIM_THRESHOLD, MOST_KEPT);
}

int command_serve(struct command_context *context, int count, char **arguments)
{
    struct numbers numbers;
    struct mail_settings mail;
    struct signer signer = {0};
    struct service service = {.signer = &signer, .ready_file = setting(context, "ready_file")};
    enum log_level level;
    char fault[512];
    sigset_t signals;
    int status = EXIT_FAULT;

    if (count > 0) {
        fprintf(stderr,
                "tributaryd serve: unknown argument '%s'; settings come from the environment or --config FILE\n",
                arguments[0]);
        return EXIT_USAGE;
    }
    if (!setting(context, "database_url")) {
        fprintf(stderr, "tributaryd serve: TRIBUTARY_DATABASE_URL is not set (a PostgreSQL URL)\n");
        return EXIT_USAGE;
    }
    if (!read_numbers(context, &numbers) || !read_account_rules(context, &numbers, &service.account_rules))
        return EXIT_USAGE;
    if (!mail_settings_read(context->settings, context->setting_count, &mail, fault, sizeof fault)) {
        fprintf(stderr, "tributaryd serve: %s\n", fault);
        return EXIT_USAGE;
    }
    if (!log_level_parse(setting(context, "log_level"), &level)) {
        fprintf(stderr, "tributaryd serve: log_level must be error, warning, info or debug\n");
        return EXIT_USAGE;
    }
    log_set_level(level);
    bound_kept_memory();

    /* every thread inherits these blocked; the main one takes them */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGPIPE);
    sigprocmask(SIG_BLOCK, &signals, NULL);

    service.hand_ins_per_second = numbers.hand_ins_per_second;
    service.upload_limits = (struct upload_limits){.most_size = (uint64_t)numbers.attachment_limit,
                                                   .most_bytes = (uint64_t)numbers.attachment_bytes,
                                                   .most_open = (int)numbers.attachment_uploads,
                                                   .hours = (int)numbers.attachment_hours};
    service.shelf = shelf_new();
    service.identity = identity_new(
        &(struct identity_rules){service.account_rules.session_idle_seconds, service.account_rules.roles_with_totp});
    service.passwords = passwords_new((int)numbers.sign_ins_at_once);
    if (service.shelf && service.identity && service.passwords && prepare(context, &signer, &service, &signals) &&
        run(context, &numbers, &mail, &service, &signals))
        status = EXIT_DONE;
    signer_close(&signer);
    identity_free(service.identity);
    passwords_free(service.passwords);
    shelf_free(service.shelf);
    return status;
}
