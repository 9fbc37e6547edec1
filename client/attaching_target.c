/* attaching_target.c: which submission a file belongs to. */
#include <string.h>

#include "attaching_inside.h"
#include "base/json.h"
#include "url.h"

enum { RECEIPT_VALUES = 1000 * 1000 };

/* The submission that a hand-in of this machine became; EXIT_UNREACHABLE while it waits itself. */
static enum exit_status find_hand_in(struct sending *sending)
{
    struct client *client = sending->client;
    const char *bytes;
    struct json_fault fault;
    struct outbox_entry entry;
    size_t length;

    if (outbox_answer(sending->outbox, SHELF_RECEIPTS, sending->file->hand_in, &bytes, &length) == 0) {
        json_t *receipt = json_parse_strict(bytes, length, RECEIPT_VALUES, &fault);

        sending->file->submission = arena_text(client->arena, json_text_member(receipt, "submission"));
        json_decref(receipt);
    }
    if (sending->file->submission)
        return sending_save(sending);
    if (outbox_read(sending->outbox, SHELF_OUTBOX, sending->file->hand_in, &entry) == 0) {
        client_say(client, attachment_waits_for, sending->file->name);
        return EXIT_UNREACHABLE;
    }
    client_say(client, attachment_without_receipt, sending->file->name);
    sending->is_over = true;
    return EXIT_REFUSED;
}

/* Of the submissions listed, the one of the event, or the only one. */
static enum exit_status choose(struct sending *sending, const json_t *list)
{
    struct client *client = sending->client;
    const struct waiting_file *file = sending->file;
    const char *events = "", *found = NULL;
    const json_t *one;
    size_t i, count = 0;

    json_array_foreach(list, i, one) {
        const char *event = json_text_member(one, "event");

        if (file->event && (!event || strcmp(event, file->event) != 0))
            continue;
        found = arena_text(client->arena, json_text_member(one, "submission"));
        if (event)
            events = arena_format(client->arena, "%s%s%s (%s)", events, *events ? ", " : "", event,
                                  client_moment(client, json_text_member(one, "received_at")));
        count++;
    }
    if (count == 1 && found) {
        sending->file->submission = found;
        return sending_save(sending);
    }
    sending->is_over = true;
    if (count == 0)
        client_say(client, nothing_to_attach_to, file->form, file->period);
    else
        client_say(client, several_events, client_number(client, (long long)count), events);
    return EXIT_USAGE;
}

enum exit_status sending_find_submission(struct sending *sending)
{
    struct client *client = sending->client;
    const struct waiting_file *file = sending->file;
    const struct url_parameter parameters[] = {
        {"form", file->form}, {"office", file->office}, {"period", file->period}, {"limit", "1000"}};
    const char *plan = url_part(client->arena, file->plan);
    json_t *answer = NULL;

    if (file->submission)
        return EXIT_DONE;
    if (file->hand_in)
        return find_hand_in(sending);

    enum exit_status status =
        fetch_json(client,
                   plan ? url_query(client->arena, arena_format(client->arena, "/v1/plans/%s/submissions", plan),
                                    parameters, sizeof parameters / sizeof *parameters)
                        : NULL,
                   &answer);

    if (status == EXIT_USAGE || status == EXIT_REFUSED) /* no such form or period: sending again won't help */
        sending->is_over = true;
    if (status == EXIT_DONE)
        status = choose(sending, json_object_get(answer, "submissions"));
    json_decref(answer);
    return status;
}
