/* section_agenda.c: the agenda in its usual order (domain.md 8). */
#include "pack/making.h"

/* The agenda of a meeting for which none is written yet. */
static void usual_agenda(struct pack_making *making)
{
    static const struct name items[] = {{{"主席致詞", "Chair’s words"}},
                                        {{"確認前次會議紀錄", "Minutes of the last meeting"}},
                                        {{"歷次會議決議列管情形", "Earlier decisions"}},
                                        {{"報告事項", "Reports"}},
                                        {{"討論事項", "Proposals"}},
                                        {{"臨時動議", "Other business"}},
                                        {{"散會", "Close"}}};

    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        paper_list(making->paper, 1, making_name(making, &items[i]));
}

bool section_agenda(struct pack_making *making)
{
    paper_heading(making->paper, 1, making_say(making, "會議議程", "Agenda"));
    usual_agenda(making);
    return true;
}
