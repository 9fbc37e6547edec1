/* making.c: the transaction in which mails are made. */
#include "mail/making.h"

enum { MOST_PLANS = 64, MOST_DAYS_BACK = 7, USUAL_OFFSET = 8 * 3600, MICROSECONDS = 1000000 };

/* Where the plans are at home: that of the first one. */
static int find_offset(const struct plan_version *const *versions, size_t count)
{
    return count > 0 ? versions[0]->plan->calendar.utc_offset : USUAL_OFFSET;
}

/* Whether one of the days behind `last` up to `today` is that day of the week. */
static bool holds_weekday(struct date last, struct date today, long weekday)
{
    for (int64_t day = date_to_days(last) + 1; day <= date_to_days(today); day++)
        if (date_weekday(date_from_days(day)) == weekday)
            return true;
    return false;
}

static enum db_status make_of_days(const struct making *making, const struct plan_version *const *versions,
                                   size_t count, struct date last, struct date today, int64_t *made)
{
    enum db_status status = DB_OK;

    for (size_t i = 0; status == DB_OK && i < count; i++) {
        struct making_days days = {.making = making,
                                   .version = versions[i],
                                   .last = last,
                                   .today = today,
                                   .has_weekday = holds_weekday(last, today, making->settings->weekday)};

        if (versions[i]->plan->draft)
            continue;
        status = mails_make_reminders(&days, made);
        if (status == DB_OK && days.has_weekday)
            status = mails_make_digest(&days, made);
    }
    return status;
}

/* Of what was recorded since the last time. */
static enum db_status make_of_entries(const struct making *making, const struct mail_cursor *cursor, int64_t *made)
{
    int64_t reviews = 0, decisions = 0;
    enum db_status status = mail_queue_reviews(making->db, cursor->sequence, cursor->newest, &reviews);

    if (status == DB_OK)
        status = mail_queue_decisions(making->db, cursor->sequence, cursor->newest, &decisions);
    *made += reviews + decisions;
    return status;
}

static enum db_status make(const struct making *making, int64_t *made, bool *ret_changed)
{
    const struct plan_version *versions[MOST_PLANS];
    size_t count = shelf_list(making->shelf, making->jurisdiction, versions, MOST_PLANS);
    int64_t seconds = making->now / MICROSECONDS + find_offset(versions, count);
    struct date today = date_from_days(seconds / 86400), last;
    struct mail_cursor cursor;
    bool locked;
    enum db_status status = mail_cursor_lock(making->db, today, &locked, &cursor);

    *ret_changed = false;
    if (status != DB_OK || !locked)
        return status;

    bool new_day = date_compare(cursor.day, today) < 0 && seconds % 86400 / 3600 >= making->settings->hour;
    bool new_entries = cursor.newest > cursor.sequence;

    *ret_changed = true; /* the cursor may be new, or was seen */
    if (new_entries)
        status = make_of_entries(making, &cursor, made);
    if (status == DB_OK && new_day) {
        last = date_to_days(today) - date_to_days(cursor.day) > MOST_DAYS_BACK
                   ? date_from_days(date_to_days(today) - MOST_DAYS_BACK)
                   : cursor.day;
        status = make_of_days(making, versions, count, last, today, made);
    }
    if (status == DB_OK && (new_entries || new_day))
        status = mail_cursor_advance(making->db, cursor.newest, new_day ? today : cursor.day);
    return status;
}

enum db_status mails_make(const struct making *making, int64_t *ret_made)
{
    struct db_context context = mail_context(making->jurisdiction);
    bool changed = false;
    enum db_status status = db_change_begin(making->db, &context);

    *ret_made = 0;
    if (status == DB_OK)
        status = make(making, ret_made, &changed);
    if (status == DB_OK && changed)
        return db_change_end(making->db, true);
    db_change_end(making->db, false);
    *ret_made = 0;
    return status;
}
