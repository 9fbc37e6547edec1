/* settings.c: reading smtp_… and mail_…. */
#include "mail/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mail/mime.h"

enum { MOST_DAYS = 365 };

static bool fail(char *ret_fault, size_t fault_size, const char *key, const char *words)
{
    snprintf(ret_fault, fault_size, "%s: %s", key, words);
    return false;
}

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Whether the host of an address of the web is this machine itself. */
static bool is_loopback(const char *url)
{
    static const char *const hosts[] = {"localhost", "127.", "[::1]"};
    const char *host = strstr(url, "://");

    for (size_t i = 0; host && i < sizeof hosts / sizeof *hosts; i++) {
        const char *end = host + 3 + strlen(hosts[i]);

        if (begins_with(host + 3, hosts[i]) &&
            (hosts[i][0] == '1' ? strspn(end, "0123456789.") : 0) == strcspn(end, ":/"))
            return true;
    }
    return false;
}

/* A word of a table of words. */
static bool read_word(const char *text, const char *const *words, size_t count, long *ret_index)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], text) == 0) {
            *ret_index = (long)i;
            return true;
        }
    }
    return false;
}

/* "14,7,1": whole days, none twice, put in rising order. */
static bool read_steps(const char *text, struct reminder_steps *ret_steps)
{
    struct reminder_steps steps = {.count = 0};

    while (*text) {
        char *end;
        long days = strtol(text, &end, 10);

        if (end == text || days < 0 || days > MOST_DAYS || steps.count == MOST_REMINDER_STEPS || (*end && *end != ','))
            return false;
        size_t at = steps.count++;

        for (; at > 0 && steps.days[at - 1] > days; at--)
            steps.days[at] = steps.days[at - 1];
        steps.days[at] = (int)days;
        text = *end ? end + 1 : end;
    }
    *ret_steps = steps;
    return true;
}

/* The first line of a file that only its owner may read. */
static bool read_password(const char *path, char ret_password[static MAIL_TEXT_SIZE], const char **ret_words)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat state;
    ssize_t length = -1;

    *ret_words = NULL;
    if (file < 0 || fstat(file, &state) != 0)
        *ret_words = strerror(errno);
    else if (!S_ISREG(state.st_mode) || state.st_mode & 077)
        *ret_words = "must be a file that only its owner may read (mode 0600)";
    else
        length = read(file, ret_password, MAIL_TEXT_SIZE - 1);
    if (file >= 0)
        close(file);
    if (length >= 0)
        ret_password[length] = '\0';
    if (length >= 0)
        ret_password[strcspn(ret_password, "\r\n")] = '\0';
    if (!*ret_words && (length <= 0 || length == MAIL_TEXT_SIZE - 1 || !*ret_password))
        *ret_words = "holds no password, or too long a one";
    return !*ret_words;
}

static bool read_line_to_server(const struct setting *settings, size_t count, struct mail_settings *mail,
                                char *ret_fault, size_t fault_size)
{
    static const char *const words[] = {"off", "opportunistic", "required"};
    const char *tls = settings_get(settings, count, "smtp_tls"), *fault;
    const char *password = settings_get(settings, count, "smtp_password_file");
    bool encrypted = begins_with(mail->url, "smtps://"), near = is_loopback(mail->url);
    long mode = near ? MAIL_TLS_OFF : MAIL_TLS_REQUIRED;

    if (!encrypted && !begins_with(mail->url, "smtp://"))
        return fail(ret_fault, fault_size, "smtp_url", "must begin with smtp:// or smtps://");
    if (strchr(mail->url, '@'))
        return fail(ret_fault, fault_size, "smtp_url", "holds no user: smtp_user and smtp_password_file do");
    if (tls && !read_word(tls, words, sizeof words / sizeof *words, &mode))
        return fail(ret_fault, fault_size, "smtp_tls", "must be off, opportunistic or required");
    mail->tls = encrypted ? MAIL_TLS_REQUIRED : (enum mail_tls)mode;
    mail->ca_file = settings_get(settings, count, "smtp_ca_file");
    mail->user = settings_get(settings, count, "smtp_user");
    if (!mail->user != !password)
        return fail(ret_fault, fault_size, "smtp_user", "and smtp_password_file go together");
    if (mail->user && mail->tls != MAIL_TLS_REQUIRED && !near)
        return fail(ret_fault, fault_size, "smtp_tls", "must be required where a password is sent");
    if (password && !read_password(password, mail->password, &fault))
        return fail(ret_fault, fault_size, "smtp_password_file", fault);
    return true;
}

static bool read_links(const char *url, struct mail_settings *mail, char *ret_fault, size_t fault_size)
{
    size_t length = url ? strlen(url) : 0;

    if (!url)
        return true;
    while (length > 0 && url[length - 1] == '/')
        length--;
    if (!begins_with(url, "https://") && !(begins_with(url, "http://") && is_loopback(url)))
        return fail(ret_fault, fault_size, "mail_base_url", "must begin with https://");
    if (length >= sizeof mail->base_url_text || strcspn(url, " <>\"\\\t\r\n") != strlen(url))
        return fail(ret_fault, fault_size, "mail_base_url", "is no address of the web");
    snprintf(mail->base_url_text, sizeof mail->base_url_text, "%.*s", (int)length, url);
    mail->base_url = mail->base_url_text;
    return true;
}

static bool read_days(const struct setting *settings, size_t count, struct mail_settings *mail, char *ret_fault,
                      size_t fault_size)
{
    static const char *const words[] = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};

    if (!read_steps(settings_get(settings, count, "mail_days_before"), &mail->before))
        return fail(ret_fault, fault_size, "mail_days_before", "must be days such as 14,7,1");
    if (!read_steps(settings_get(settings, count, "mail_days_after"), &mail->after))
        return fail(ret_fault, fault_size, "mail_days_after", "must be days such as 1,7");
    if (!read_word(settings_get(settings, count, "mail_weekday"), words, sizeof words / sizeof *words, &mail->weekday))
        return fail(ret_fault, fault_size, "mail_weekday", "must be a day such as monday");
    return true;
}

bool mail_settings_read(const struct setting *settings, size_t count, struct mail_settings *ret_settings,
                        char *ret_fault, size_t fault_size)
{
    static const char *const answers[] = {"no", "yes"};
    struct mail_settings *mail = ret_settings;
    const char *from = settings_get(settings, count, "mail_from");
    long samples;

    *mail = (struct mail_settings){.url = settings_get(settings, count, "smtp_url")};
    if (!settings_get_number(settings, count, "mail_per_minute", 1, 100000, &mail->per_minute, ret_fault, fault_size) ||
        !settings_get_number(settings, count, "mail_retry_seconds", 1, 3600, &mail->retry_seconds, ret_fault,
                             fault_size) ||
        !settings_get_number(settings, count, "mail_hour", 0, 23, &mail->hour, ret_fault, fault_size) ||
        !read_days(settings, count, mail, ret_fault, fault_size))
        return false;
    if (!read_word(settings_get(settings, count, "mail_from_samples"), answers, 2, &samples))
        return fail(ret_fault, fault_size, "mail_from_samples", "must be yes or no");
    mail->from_samples = samples == 1;
    if (!mail->url)
        return true;
    if (!from || !mime_read_mailbox(from, mail->from_display, sizeof mail->from_display, mail->from_address,
                                    sizeof mail->from_address))
        return fail(ret_fault, fault_size, "mail_from", "must be an address, or Name <address>");
    mail->from_host = strrchr(mail->from_address, '@') + 1;
    return read_line_to_server(settings, count, mail, ret_fault, fault_size) &&
           read_links(settings_get(settings, count, "mail_base_url"), mail, ret_fault, fault_size);
}
