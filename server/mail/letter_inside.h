/* letter_inside.h: the letters of each kind, and words they share. Private to the files letter*.c. */
#ifndef TRIBUTARY_MAIL_LETTER_INSIDE_H
#define TRIBUTARY_MAIL_LETTER_INSIDE_H

#include "mail/letter.h"
#include "revisions/revisions.h"

/* Each appends its text between greeting and farewell, and sets the subject. */
enum letter_outcome letter_of_reminder(struct letter *letter);
enum letter_outcome letter_of_return(struct letter *letter);
enum letter_outcome letter_of_acceptance(struct letter *letter);
enum letter_outcome letter_of_decision(struct letter *letter);
enum letter_outcome letter_of_break_glass(struct letter *letter);
enum letter_outcome letter_of_digest(struct letter *letter);
enum letter_outcome letter_of_reset(struct letter *letter);

/* One of two texts, by the letter's language. */
const char *letter_words(const struct letter *letter, const char *zh, const char *en);

/* Appends one of them. */
void letter_say(struct letter *letter, const char *zh, const char *en);

/* Appends one of two formats of the same parameters. */
#define letter_line(letter, zh, en, ...)                                                                               \
    ((letter)->mail->language == LANGUAGE_ZH ? buffer_append_format(&(letter)->text, zh, __VA_ARGS__)                  \
                                             : buffer_append_format(&(letter)->text, en, __VA_ARGS__))

/* "115年10月31日（星期六）", "Saturday 31 October 2026". In the arena. */
const char *letter_date(const struct letter *letter, struct date date);

/* The same with the time, where the plan is at home. */
const char *letter_moment(const struct letter *letter, timestamp moment);

/* "培力成果表（附表2）115年第3季", "Quarterly training …, ROC 115 Q3". In the arena. */
const char *letter_report(const struct letter *letter, const struct form *form, struct period period);

/* The same for codes; the codes themselves where the plan doesn't know them. */
const char *letter_report_of(const struct letter *letter, const struct plan *plan, const char *form,
                             const char *period);

const char *letter_office(const struct letter *letter, const struct plan *plan, const char *code);

/* Who of the city checks reports, by its name in the plan. */
const char *letter_checker(const struct letter *letter, const struct plan *plan);

/* The newest version of a plan, asked for afresh if need be. NULL: there is none. Sets the letter's clock. */
const struct plan_version *letter_plan(struct letter *letter, const char *plan);

/* Appends what is returned, a line each, in a person's words: the cell's name, and what it says now. No cells: nothing. */
enum letter_outcome letter_cells(struct letter *letter, const struct plan *plan, const struct revision *revision,
                                 const json_t *cells);

/* Of a reminder: appends the decisions that its facts name and that the office hasn't done yet, under their own heading. How
 * many are past their day, and how many aren't. */
enum letter_outcome letter_due_decisions(struct letter *letter, const struct plan_version *version, size_t *ret_past,
                                         size_t *ret_soon);

#endif
