/* smtp.c: SMTP by libcurl. */
#include "mail/smtp.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

enum { CONNECT_SECONDS = 10, LAST_WORDS_SECONDS = 5, ANSWER_SIZE = 16 };

struct smtp {
    const struct mail_settings *settings;
    const atomic_int_least64_t *stop_at;
    CURL *curl;
    bool used; /* a line may be open */
    const struct smtp_watcher *watcher;
    int64_t give_up_at; /* monotonic ms */
    int line;           /* the socket; -1: none */
    bool leaving;       /* QUIT was sent: what follows says nothing of the mail */
    bool timed_out;
    const char *message;
    size_t length, taken;
    const char *step;         /* the command that was sent last; static. NULL: none yet */
    char answer[ANSWER_SIZE]; /* the numbers of the last answer: "550 5.1.1" */
};

static size_t give_message(char *place, size_t size, size_t count, void *context)
{
    struct smtp *smtp = context;
    size_t rest = smtp->length - smtp->taken, length = size * count < rest ? size * count : rest;

    memcpy(place, smtp->message + smtp->taken, length);
    smtp->taken += length;
    return length;
}

/* The command that a line begins with, or NULL: what else is sent may be a part of a password. */
static const char *command_of(const char *text, size_t length)
{
    static const char *const commands[] = {"EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"};

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        size_t word = strlen(commands[i]);

        if (length > word && strncmp(text, commands[i], word) == 0 && (text[word] == ' ' || text[word] == '\r'))
            return commands[i];
    }
    return NULL;
}

/* Told of every line in both directions: what was asked last, and the numbers it was answered with. Its words may repeat the
 * address, so they are dropped. */
static int listen_in(CURL *curl, curl_infotype kind, char *text, size_t length, void *context)
{
    struct smtp *smtp = context;
    size_t numbers = 0;

    (void)curl;
    if (kind == CURLINFO_HEADER_OUT) {
        const char *command = command_of(text, length);

        smtp->leaving = smtp->leaving || (command && strcmp(command, "QUIT") == 0);
        if (smtp->leaving)
            return 0;
        smtp->step = command ? command : smtp->step;
        smtp->answer[0] = '\0';
    } else if (kind == CURLINFO_HEADER_IN && length >= 3 && !smtp->leaving) {
        while (numbers < length && numbers < ANSWER_SIZE - 1 && strchr("0123456789. ", text[numbers]))
            numbers++;
        while (numbers > 0 && strchr(". ", text[numbers - 1]))
            numbers--;
        snprintf(smtp->answer, sizeof smtp->answer, "%.*s", (int)numbers, text);
    }
    return 0;
}

/* Notes the socket, so that a line on which nothing moves can be ended. */
static int note_line(void *context, curl_socket_t line, curlsocktype purpose)
{
    struct smtp *smtp = context;

    (void)purpose;
    smtp->line = line;
    return CURL_SOCKOPT_OK;
}

/* Once it is closed its number may be another thread's: of two addresses that were tried at once, one is closed early. */
static int close_line(void *context, curl_socket_t line)
{
    struct smtp *smtp = context;

    if (smtp->line == line)
        smtp->line = -1;
    return close(line);
}

/* Ends a transfer that nobody waits for any more, and its line: libcurl would take leave politely, for as long as the
 * other side likes. */
static int look_at_stop(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct smtp *smtp = context;

    (void)a;
    (void)b;
    (void)c;
    (void)d;

    int64_t stop_at = atomic_load(smtp->stop_at), now = clock_milliseconds();

    smtp->timed_out = now >= smtp->give_up_at;
    if (!smtp->timed_out && (!stop_at || now < stop_at)) {
        smtp->watcher->look(smtp->watcher->context);
        return 0;
    }
    if (smtp->line >= 0)
        shutdown(smtp->line, SHUT_RDWR);
    return 1;
}

/* How the line is encrypted, and whether the server must prove who it is. */
static CURLcode set_encryption(CURL *curl, const struct mail_settings *settings)
{
    static const long levels[] = {[MAIL_TLS_OFF] = CURLUSESSL_NONE,
                                  [MAIL_TLS_OPPORTUNISTIC] = CURLUSESSL_TRY,
                                  [MAIL_TLS_REQUIRED] = CURLUSESSL_ALL};
    bool proven = settings->tls == MAIL_TLS_REQUIRED || settings->ca_file;
    CURLcode code = curl_easy_setopt(curl, CURLOPT_USE_SSL, levels[settings->tls]);

    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, proven ? 1L : 0L);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, proven ? 2L : 0L);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (code == CURLE_OK && settings->ca_file)
        code = curl_easy_setopt(curl, CURLOPT_CAINFO, settings->ca_file);
    return code;
}

static CURLcode set_up(struct smtp *smtp)
{
    const struct mail_settings *settings = smtp->settings;
    CURL *curl = smtp->curl;
    CURLcode code = set_encryption(curl, settings);

    code = code ? code : curl_easy_setopt(curl, CURLOPT_URL, settings->url);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    code = code ? code : curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* not by way of what the environment names */
    code = code ? code : curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)(SMTP_SECONDS + LAST_WORDS_SECONDS));
    code = code ? code : curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)SMTP_SECONDS);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, note_line);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_SOCKOPTDATA, smtp);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_CLOSESOCKETFUNCTION, close_line);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, smtp);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_MAIL_FROM, settings->from_address);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_message);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_READDATA, smtp);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, listen_in);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_DEBUGDATA, smtp);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_at_stop);
    code = code ? code : curl_easy_setopt(curl, CURLOPT_XFERINFODATA, smtp);
    if (settings->user) {
        code = code ? code : curl_easy_setopt(curl, CURLOPT_USERNAME, settings->user);
        code = code ? code : curl_easy_setopt(curl, CURLOPT_PASSWORD, settings->password);
    }
    return code;
}

struct smtp *smtp_new(const struct mail_settings *settings, const atomic_int_least64_t *stop_at)
{
    struct smtp *smtp = calloc(1, sizeof *smtp);

    if (!smtp)
        return NULL;
    *smtp = (struct smtp){.settings = settings, .stop_at = stop_at, .curl = curl_easy_init(), .line = -1};
    if (!smtp->curl || set_up(smtp) != CURLE_OK) {
        smtp_free(smtp);
        return NULL;
    }
    return smtp;
}

void smtp_free(struct smtp *smtp)
{
    if (!smtp)
        return;
    if (smtp->line >= 0)
        shutdown(smtp->line, SHUT_RDWR);
    curl_easy_cleanup(smtp->curl);
    free(smtp);
}

void smtp_rest(struct smtp *smtp)
{
    if (!smtp->used)
        return;
    smtp->used = false;
    curl_easy_setopt(smtp->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)LAST_WORDS_SECONDS);
    curl_easy_cleanup(smtp->curl);
    smtp->line = -1;
    smtp->curl = curl_easy_init();
    if (smtp->curl && set_up(smtp) != CURLE_OK) {
        curl_easy_cleanup(smtp->curl);
        smtp->curl = NULL;
    }
}

/* A refusal for good is one of this receiver or this message. Whoever refuses the sender, the password or the greeting
 * refuses every mail: then the mails wait until somebody mends it. */
static enum smtp_outcome judge(const struct smtp *smtp, CURLcode code)
{
    bool about_this = smtp->step && (strcmp(smtp->step, "RCPT") == 0 || strcmp(smtp->step, "DATA") == 0);
    bool answered = code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UPLOAD_FAILED ||
                    code == CURLE_RECV_ERROR;

    if (code == CURLE_OK)
        return SMTP_SENT;
    if (!about_this)
        return SMTP_DOWN;
    return answered && smtp->answer[0] == '5' ? SMTP_REFUSED : SMTP_LATER;
}

/* One try over the line that is open, or over a new one. */
static CURLcode try_once(struct smtp *smtp)
{
    smtp->taken = 0;
    smtp->step = NULL;
    smtp->leaving = smtp->timed_out = false;
    smtp->answer[0] = '\0';
    smtp->used = true;
    return curl_easy_perform(smtp->curl);
}

/* Whether a line that was kept turned out to be closed before the mail was begun: then nobody has seen anything of it. */
static bool was_closed(const struct smtp *smtp, CURLcode code)
{
    long lines = 0;

    curl_easy_getinfo(smtp->curl, CURLINFO_NUM_CONNECTS, &lines);
    return code != CURLE_OK && code != CURLE_ABORTED_BY_CALLBACK && lines == 0 && smtp->taken == 0 && !smtp->answer[0];
}

static void put_in_words(const struct smtp *smtp, CURLcode code, char ret_words[static SMTP_WORDS_SIZE])
{
    const char *step = smtp->step ? smtp->step : "CONNECT";

    if (code == CURLE_OK)
        ret_words[0] = '\0';
    else if (smtp->timed_out)
        snprintf(ret_words, SMTP_WORDS_SIZE, "%s: no answer in %d s", step, SMTP_SECONDS);
    else if (smtp->answer[0] >= '4')
        snprintf(ret_words, SMTP_WORDS_SIZE, "%s %s", step, smtp->answer);
    else
        snprintf(ret_words, SMTP_WORDS_SIZE, "%s: %s", step, curl_easy_strerror(code));
}

enum smtp_outcome smtp_send(struct smtp *smtp, const char *address, const char *message, size_t length,
                            const struct smtp_watcher *watcher, char ret_words[static SMTP_WORDS_SIZE])
{
    struct curl_slist *receivers = curl_slist_append(NULL, address);
    CURLcode code = CURLE_OUT_OF_MEMORY;

    smtp->message = message;
    smtp->length = length;
    smtp->watcher = watcher;
    smtp->give_up_at = clock_milliseconds() + SMTP_SECONDS * 1000;
    if (receivers && smtp->curl && curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, receivers) == CURLE_OK) {
        code = try_once(smtp);
        if (was_closed(smtp, code))
            code = try_once(smtp);
        curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, NULL);
    }
    curl_slist_free_all(receivers);
    put_in_words(smtp, code, ret_words);
    return judge(smtp, code);
}
