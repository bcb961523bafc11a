"""A request that repeats: the request form and how often; then a choice for each date."""

from scheduling.forms.repeats import RepeatForm
from scheduling.forms.request import RequestForm


class SeriesForm(RepeatForm, RequestForm):
    """``zone`` is the clock of the resource's site: the dates repeat on that wall."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["hold"]
