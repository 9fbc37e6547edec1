/* time_options.c: days in the place of moments, years of the Republic in the place of others, hours as people write them. */
#include "time_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/hour.h"
#include "base/period.h"
#include "plan_cache.h"

enum { SECONDS_OF_DAY = 86400, SECONDS_OF_MINUTE = 60, MINUTES = 60, MICROSECONDS = 1000000, YEAR_DIGITS = 4 };

/* "115.11.1", or with a time of that day behind it, "115.11.1 14:30"; *ret_minutes then says which minute, else -1. */
static bool read_day(struct client *client, const char *text, struct date *ret_day, int *ret_minutes)
{
    char hour[HOUR_TEXT_SIZE], *colon;

    *ret_minutes = -1;
    if (date_parse_habit(text, ret_day))
        return true;
    for (const char *blank = text; (blank = strpbrk(blank, " T")); blank++) {
        const char *day = arena_copy(client->arena, text, (size_t)(blank - text));

        if (!day || !date_parse_habit(day, ret_day) || !hour_parse_habit(blank + 1, hour))
            continue;
        *ret_minutes = (int)strtol(hour, &colon, 10) * MINUTES;
        *ret_minutes += (int)strtol(colon + 1, NULL, 10);
        return true;
    }
    return false;
}

/* A day is meant to its end, a minute of it to the minute's end, where the plan is at home. */
static enum exit_status read_moment(struct client *client, const char **value)
{
    char text[TIMESTAMP_TEXT_SIZE];
    struct cached_plan plan;
    struct date day;
    timestamp moment;
    int minutes;
    enum exit_status status = EXIT_DONE;

    if (timestamp_parse(*value, &moment))
        return status;
    if (!read_day(client, *value, &day, &minutes))
        return client_usage(client, client_text(client, bad_as_of, "--as-of", *value));
    status = plan_cached(client, &plan);
    if (status != EXIT_DONE)
        return status;
    moment = (timestamp)date_to_days(day) * SECONDS_OF_DAY +
             (minutes < 0 ? SECONDS_OF_DAY : (minutes + 1) * SECONDS_OF_MINUTE) - plan.plan->calendar.utc_offset;
    timestamp_format(moment * MICROSECONDS - 1, text);
    cached_plan_release(&plan);
    *value = arena_text(client->arena, text);
    return *value ? EXIT_DONE : client_usage(client, client_word(client, out_of_memory));
}

static enum exit_status year_of_republic(struct client *client, const char **value)
{
    static const char before[] = "民國", *const behind[] = {"年度", "年", ""};
    const char *digits = strncmp(*value, before, strlen(before)) == 0 ? *value + strlen(before) : *value;
    size_t count = strspn(digits, "0123456789");
    long year = count == 3 || count == YEAR_DIGITS ? strtol(digits, NULL, 10) : 0;

    for (size_t i = 0; year && i < sizeof behind / sizeof *behind; i++)
        if (strcmp(digits + count, behind[i]) == 0)
            *value =
                arena_format(client->arena, "%ld", count == YEAR_DIGITS && year > ROC_EPOCH ? year - ROC_EPOCH : year);
    return *value ? EXIT_DONE : client_usage(client, client_word(client, out_of_memory));
}

static enum exit_status hour_of_day(struct client *client, const char *option, const char **value)
{
    char hour[HOUR_TEXT_SIZE];

    if (!hour_parse_habit(*value, hour))
        return client_usage(client, client_text(client, bad_hour, option, *value));
    *value = arena_text(client->arena, hour);
    return *value ? EXIT_DONE : client_usage(client, client_word(client, out_of_memory));
}

enum exit_status time_options_resolve(struct client *client)
{
    enum exit_status status = EXIT_DONE;

    for (size_t i = 0; i < client->arguments.given_count && status == EXIT_DONE; i++) {
        const char *option = client->arguments.given[i].option->name, **value = &client->arguments.given[i].value;

        if (strcmp(option, "as-of") == 0)
            status = read_moment(client, value);
        else if (strcmp(option, "year") == 0)
            status = year_of_republic(client, value);
        else if (strcmp(option, "begins") == 0 || strcmp(option, "ends") == 0)
            status = hour_of_day(client, option, value);
    }
    return status;
}
