/* calendar_read.c: the plan's member `calendar`, and its time zone. */
#include <stdlib.h>
#include <string.h>

#include "plan/reader.h"

/* Zones without summer time; another one would need the offset of each day. */
static const struct {
    const char *name;
    int utc_offset; /* minutes */
} zones[] = {
    {"Asia/Taipei", 480}, {"Asia/Tokyo", 540},    {"Asia/Seoul", 540},     {"Asia/Hong_Kong", 480},
    {"Asia/Manila", 480}, {"Asia/Shanghai", 480}, {"Asia/Singapore", 480}, {"Etc/UTC", 0},
};

static int read_zone(struct plan_reader *reader, const json_t *root)
{
    const char *name = reader_text(reader, root, "time_zone", true);

    for (size_t i = 0; name && i < sizeof zones / sizeof *zones; i++)
        if (strcmp(zones[i].name, name) == 0)
            return zones[i].utc_offset * 60;
    if (name)
        reader_fault(reader, "time_zone", "'%s' is not a zone that is known to have no summer time", name);
    return 0;
}

static int compare_dates(const void *a, const void *b)
{
    return date_compare(*(const struct date *)a, *(const struct date *)b);
}

/* A list of {"date","name"}, in order of its dates. */
static struct date *read_dates(struct plan_reader *reader, const json_t *calendar, const char *key, bool required,
                               size_t *ret_count)
{
    const json_t *list = reader_array(reader, calendar, key, required), *json;
    struct date *dates = reader_alloc(reader, json_array_size(list), sizeof *dates);
    size_t mark = reader_enter_key(reader, key), count = 0, i;

    json_array_foreach(list, i, json) {
        size_t here = reader_enter_index(reader, i);
        struct date date;

        if (dates && reader_check_members(reader, json, "date", "name", NULL)) {
            const char *text = reader_text(reader, json, "date", true);

            reader_name(reader, json, "name", true);
            if (text && !date_parse_iso(text, &date))
                reader_fault(reader, "date", "'%s' is not a date (YYYY-MM-DD)", text);
            else if (text)
                dates[count++] = date;
        }
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
    if (dates && count > 1)
        qsort(dates, count, sizeof *dates, compare_dates);
    *ret_count = count;
    return dates;
}

/* A day that is worked though it is a Saturday or Sunday; listing any other would say nothing, or contradict. */
static void check_working_days(struct plan_reader *reader, const struct calendar *calendar)
{
    for (size_t i = 0; i < calendar->working_day_count; i++) {
        struct date date = calendar->working_days[i];
        char text[DATE_TEXT_SIZE];
        int weekday = date_weekday(date);

        date_format_iso(date, text);
        if (weekday != 0 && weekday != 6)
            reader_fault(reader, "working_days", "%s is neither a Saturday nor a Sunday", text);
        for (size_t k = 0; k < calendar->holiday_count; k++)
            if (date_compare(calendar->holidays[k], date) == 0)
                reader_fault(reader, "working_days", "%s is a holiday too", text);
    }
}

void read_calendar(struct plan_reader *reader, const json_t *root)
{
    const json_t *json = json_object_get(root, "calendar");
    struct calendar *calendar = &reader->plan->calendar;

    calendar->utc_offset = read_zone(reader, root);

    size_t mark = reader_enter_key(reader, "calendar");

    if (!json)
        reader_fault(reader, NULL, "is missing");
    else if (reader_check_members(reader, json, "move_to_working_day", "due_soon_days", "holidays", "working_days",
                                  "note", NULL)) {
        calendar->move_to_working_day = reader_bool(reader, json, "move_to_working_day", true);
        calendar->due_soon_days = reader_int(reader, json, "due_soon_days", true, 14, 0, 366);
        reader_name(reader, json, "note", false);
        calendar->holidays = read_dates(reader, json, "holidays", true, &calendar->holiday_count);
        calendar->working_days = read_dates(reader, json, "working_days", false, &calendar->working_day_count);
        check_working_days(reader, calendar);
    }
    reader_leave(reader, mark);
}
