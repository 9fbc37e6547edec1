/* meetings.h: what the parts of the command for meetings share. */
#ifndef TRIBUTARY_CLIENT_MEETINGS_H
#define TRIBUTARY_CLIENT_MEETINGS_H

#include <jansson.h>

#include "client.h"
#include "plan/plan.h"
#include "url.h"

/* "/v1/plans/PLAN/rest" with parameters; NULL without memory. */
const char *meetings_path(struct client *client, const struct plan *plan, const char *rest,
                          const struct url_parameter *parameters, size_t count);

/* "/v1/meetings/ID" and perhaps "/rest" (NULL: none); NULL without memory. */
const char *meeting_path(struct client *client, const char *id, const char *rest);

/* The body that the person names by code or name, as the server tells of it; the caller decrefs it. On EXIT_DONE it is there;
 * otherwise the reason has been said. */
enum exit_status meetings_body(struct client *client, const struct plan *plan, const char *given, json_t **ret_body);

/* The code of a body's unit by code or name (`given` NULL: not named; an office's own task group needs none); false, having
 * said which there are. *ret_unit NULL: the body has no units, or the server knows. */
bool meetings_unit(struct client *client, const json_t *body, const char *given, const char **ret_unit);

/* A date in any habit as the contract writes it; NULL, having said so, if it is none. */
const char *meetings_day(struct client *client, const char *given);

/* A meeting by its id, or "BODY/DATE", "BODY/UNIT/DATE". On EXIT_DONE the caller decrefs *ret_meeting, the whole answer;
 * otherwise the reason has been said. */
enum exit_status meetings_find(struct client *client, const struct plan *plan, const char *given, json_t **ret_meeting);

/* A state of a meeting, or of an expected one, in words. */
const char *meeting_state_word(struct client *client, const char *state);

/* The code of a state that is named in words; what is none as it is, for the server to judge, and NULL as NULL. */
const char *meeting_state_meant(const char *given);

/* The state of a meeting as it is listed, in words; of an ad hoc one that too. */
const char *meeting_shown_state(struct client *client, const json_t *meeting);

/* "性別平等業務聯繫會議 第1組" of an answer. */
const char *meeting_name(struct client *client, const json_t *meeting);

/* Whether the server lets the caller do it now: a state that the meeting may get, agenda, attendance, resolutions. */
bool meeting_lets(const json_t *meeting, const char *act);

/* Tells of a meeting: what it is, its agenda, who was there, its rules. */
void meeting_show(struct client *client, const json_t *meeting);

/* Whether an item of an agenda is a heading that nobody wrote anything under: the usual one of its kind, which gives way to the
 * first real one. */
bool meeting_item_is_heading(const json_t *item);

/* The subcommands beyond planning and steps. */
enum exit_status meeting_agenda(struct client *client, const struct plan *plan);
enum exit_status meeting_resolve(struct client *client, const struct plan *plan);
enum exit_status meeting_attendance(struct client *client, const struct plan *plan);
enum exit_status meeting_calendar(struct client *client, const struct plan *plan);
enum exit_status meeting_add(struct client *client, const struct plan *plan);

/* The meetings of a body and unit (NULL: of none) with their numbers, before an act; NULL for programs, which see them
 * themselves, and where they can't be read. */
json_t *meeting_numbers(struct client *client, const struct plan *plan, const char *body, const char *unit);

/* After the act says of each meeting but `but` (its id) that was called or held, and so has papers, that its number is another
 * now. Takes `before` over. */
void meeting_tell_renumbered(struct client *client, const struct plan *plan, json_t *before, const char *body,
                             const char *unit, const char *but);

/* "\"7\"" for If-Match. */
const char *meeting_tag(struct client *client, const json_t *holder, const char *member);

#endif
