from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    name = "scheduling"
    verbose_name = _("Workflow")

    def ready(self):
        from scheduling import (  # noqa: F401, PLC0415 – register themselves
            guarantees_basket,
            guarantees_rounds,
            guarantees_series,
            guarantees_waiting,
            occupancy,
        )
        from scheduling.kinds import load_kinds  # noqa: PLC0415 – models must be loaded first

        load_kinds()
        from scheduling import (  # noqa: PLC0415 – they add to words, notices and guarantees
            audit_words_conversation,  # noqa: F401
            audit_words_needs,  # noqa: F401
            audit_words_rounds,  # noqa: F401
            conversation_notices,  # noqa: F401
            guarantees_conversation,  # noqa: F401
            guarantees_crisis,  # noqa: F401
            visibility,  # noqa: F401
            visibility_rounds,  # noqa: F401
        )
        from scheduling.actions import (  # noqa: F401, PLC0415 – follow technical states and moves
            basket_outcome,
            changes_overtaken,
            crossings,
            freed_time,
            outages,
        )
        from scheduling.actions.rounds import answering  # noqa: F401, PLC0415 – follows requests
        from scheduling.views import (  # noqa: PLC0415 – cards of pages
            dealings,  # noqa: F401
            home_needs,  # noqa: F401
            home_series,  # noqa: F401
            note_panel,  # noqa: F401
            panels,  # noqa: F401
            round_home,  # noqa: F401
            series_panel,  # noqa: F401
            waiting_panel,  # noqa: F401
        )
