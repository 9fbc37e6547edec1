/* time_options.c: days in the place of moments, years of the Republic in the place of others. */
#include "time_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/period.h"
#include "plan_cache.h"

enum { SECONDS_OF_DAY = 86400, MICROSECONDS = 1000000, YEAR_DIGITS = 4 };

static enum exit_status end_of_day(struct client *client, const char **value)
{
    char text[TIMESTAMP_TEXT_SIZE];
    struct cached_plan plan;
    struct date day;
    timestamp moment;
    enum exit_status status = EXIT_DONE;

    if (timestamp_parse(*value, &moment))
        return status;
    if (!date_parse_habit(*value, &day))
        return client_usage(client, client_text(client, bad_as_of, "--as-of", *value));
    status = plan_cached(client, &plan);
    if (status != EXIT_DONE)
        return status;
    moment = ((timestamp)date_to_days(day) + 1) * SECONDS_OF_DAY - plan.plan->calendar.utc_offset;
    timestamp_format(moment * MICROSECONDS - 1, text);
    cached_plan_release(&plan);
    *value = arena_text(client->arena, text);
    return *value ? EXIT_DONE : client_usage(client, client_word(client, out_of_memory));
}

static enum exit_status year_of_republic(struct client *client, const char **value)
{
    bool is_number = strlen(*value) == YEAR_DIGITS && strspn(*value, "0123456789") == YEAR_DIGITS;
    long year = is_number ? strtol(*value, NULL, 10) : 0;

    if (year > ROC_EPOCH)
        *value = arena_format(client->arena, "%ld", year - ROC_EPOCH);
    return *value ? EXIT_DONE : client_usage(client, client_word(client, out_of_memory));
}

enum exit_status time_options_resolve(struct client *client)
{
    enum exit_status status = EXIT_DONE;

    for (size_t i = 0; i < client->arguments.given_count && status == EXIT_DONE; i++) {
        const char *option = client->arguments.given[i].option->name, **value = &client->arguments.given[i].value;

        if (strcmp(option, "as-of") == 0)
            status = end_of_day(client, value);
        else if (strcmp(option, "year") == 0)
            status = year_of_republic(client, value);
    }
    return status;
}
