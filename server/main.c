/* main.c: the subcommands of tributaryd. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "command/command.h"

static struct setting settings[] = {
    {"database_url", NULL, "PostgreSQL URL of the daemon's own login (a member of tributary_daemon)", NULL},
    {"migration_database_url", NULL, "PostgreSQL URL of the schema's owner; database_url if unset", NULL},
    {"signing_key_file", "var/signing.key", "the key that signs the log, outside the database, mode 0600", NULL},
    {"migrations_directory", NULL, "where the migrations are, if not beside the program", NULL},
    {"listen_address", "127.0.0.1", "numeric address to listen on", NULL},
    {"port", "8013", "port to listen on; 0 takes a free one", NULL},
    {"metrics_address", "127.0.0.1", "numeric address of GET /metrics", NULL},
    {"metrics_port", "0", "port of GET /metrics; 0: none", NULL},
    {"read_workers", "4", "threads, each with a database connection, for reads and checks", NULL},
    {"queue_limit", "1024", "hand-ins and requests that may wait; more are told to try again", NULL},
    {"batch_limit", "128", "hand-ins in one commit at most", NULL},
    {"connection_limit", "2048", "HTTP connections at most", NULL},
    {"idle_seconds", "30", "a connection on which nothing moves for so long is closed", NULL},
    {"upload_budget", "67108864", "bytes of uploads held at once", NULL},
    {"reply_budget", "268435456", "bytes held by replies on their way", NULL},
    {"hand_ins_per_second", "1000", "hand-ins a second for each token", NULL},
    {"attachment_limit", "20971520", "bytes of one attachment at most", NULL},
    {"attachment_uploads", "8", "uploads that one token may have open", NULL},
    {"attachment_bytes", "209715200", "bytes of open uploads of one office at most", NULL},
    {"attachment_hours", "48", "hours after its last piece until an upload is given up", NULL},
    {"session_idle_minutes", "30", "a session that nobody uses ends after so long", NULL},
    {"session_hours", "12", "every session ends after so long", NULL},
    {"account_idle_days", "180", "an account that nobody signs in to for so long is disabled; 0: never", NULL},
    {"reset_hours", "72", "a link for a new password is good for so long", NULL},
    {"sign_ins_at_once", "2", "passwords checked at once, 64 MiB each; more are told to try again", NULL},
    {"totp_required_roles", "", "roles whose people must use an authenticator, such as admin,geo", NULL},
    {"cookie_secure", "auto", "yes: the session's cookie goes by TLS only; no; auto: no on a loopback without proxies",
     NULL},
    {"trusted_proxies", "", "networks whose X-Forwarded-For is believed, such as 127.0.0.1,10.0.0.0/8", NULL},
    {"smtp_url", NULL, "mail server, smtp://HOST:PORT or smtps://HOST:PORT; unset: no mail is made", NULL},
    {"smtp_tls", NULL, "off, opportunistic or required (STARTTLS) [required; off on this machine itself]", NULL},
    {"smtp_ca_file", NULL, "certificates the mail server's is held against; unset: the system's", NULL},
    {"smtp_user", NULL, "sign-in at the mail server, if it asks for one", NULL},
    {"smtp_password_file", NULL, "its password, mode 0600", NULL},
    {"mail_from", NULL, "whose mails they are: NAME <ADDRESS>", NULL},
    {"mail_base_url", NULL, "address of this service as people reach it (https), for links in mails", NULL},
    {"mail_per_minute", "120", "mails that this daemon sends in a minute at most", NULL},
    {"mail_retry_seconds", "60", "until a failed mail is tried again; twice as long each time", NULL},
    {"mail_days_before", "14,7,1", "days before a due date on which offices are reminded", NULL},
    {"mail_days_after", "1,7", "days after it; then once a week, on mail_weekday", NULL},
    {"mail_weekday", "monday", "of the weekly digest", NULL},
    {"mail_hour", "8", "hour of the day from which its reminders and digest are sent", NULL},
    {"mail_from_samples", "no", "yes: people are mailed of sample data too", NULL},
    {"audit_months", "24", "months that sign-ins and exports keep their text in the log (audit prune); 6 at least",
     NULL},
    {"ready_file", NULL, "/readyz answers 503 until this file exists", NULL},
    {"log_level", "info", "error, warning, info or debug", NULL},
};

enum { SETTINGS = sizeof settings / sizeof *settings };

static const struct {
    const char *name, *usage, *summary;
    int (*run)(struct command_context *, int, char **);
} commands[] = {
    {"serve", "serve", "answer requests until SIGTERM", command_serve},
    {"migrate", "migrate [--sample]", "bring the database's schema up to date", command_migrate},
    {"plan", "plan check|load|diff FILE", "check a plan file, load it as a new version, or say what it changes",
     command_plan},
    {"token", "token add|list|revoke ...", "tokens: who may do what", command_token},
    {"account", "account add|list|reset|...", "accounts: people who sign in", command_account},
    {"verify", "verify [--head HEAD] [--receipt FILE]", "prove the log, the receipts and every roll-up",
     command_verify},
    {"audit", "audit prune", "give up the texts of old entries that needn't be kept", command_audit},
    {"personal", "personal find|erase ...", "find and erase names and contacts of people", command_personal},
};

static void print_help(void)
{
    printf(
        "tributaryd - collects district reports, keeps every revision, makes the city's figures\n\nusage: tributaryd [--config FILE] COMMAND\n       tributaryd --help | --version\n\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        printf("  %-37s %s\n", commands[i].usage, commands[i].summary);
    printf("\nsettings (in a file as `key = value`, or in the environment as TRIBUTARY_KEY):\n\n");
    for (size_t i = 0; i < SETTINGS; i++)
        printf("  %-24s %s%s%s%s\n", settings[i].key, settings[i].meaning, settings[i].default_value ? " [" : "",
               settings[i].default_value ? settings[i].default_value : "", settings[i].default_value ? "]" : "");
}

static void print_version(void)
{
    const char *commit = TRIBUTARY_COMMIT;

    printf(*commit ? "tributaryd %s (%s)\n" : "tributaryd %s\n", TRIBUTARY_VERSION, commit);
}

int main(int count, char **arguments)
{
    const char *config = getenv("TRIBUTARY_CONFIG");
    struct command_context context = {settings, SETTINGS};
    char fault[512];
    int next = 1, status = EXIT_USAGE;

    if (count > 2 && strcmp(arguments[1], "--config") == 0) {
        config = arguments[2];
        next = 3;
    }
    if (next >= count || strcmp(arguments[next], "--help") == 0 || strcmp(arguments[next], "help") == 0) {
        print_help();
        return next >= count ? EXIT_USAGE : EXIT_DONE;
    }
    if (strcmp(arguments[next], "--version") == 0) {
        print_version();
        return EXIT_DONE;
    }
    if (sodium_init() < 0) {
        fprintf(stderr, "tributaryd: the cryptography library can't start\n");
        return EXIT_FAULT;
    }
    if (!settings_load(settings, SETTINGS, config && *config ? config : NULL, "TRIBUTARY_", fault, sizeof fault)) {
        fprintf(stderr, "tributaryd: %s\n", fault);
        settings_free(settings, SETTINGS);
        return EXIT_USAGE;
    }
    bool known = false;

    for (size_t i = 0; i < sizeof commands / sizeof *commands && !known; i++) {
        known = strcmp(commands[i].name, arguments[next]) == 0;
        if (known)
            status = commands[i].run(&context, count - next - 1, arguments + next + 1);
    }
    if (!known)
        fprintf(stderr, "tributaryd: no command is called '%s'; see tributaryd --help\n", arguments[next]);
    settings_free(settings, SETTINGS);
    return status;
}
