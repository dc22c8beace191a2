"""What models and ways to count a service level are called on the pages."""

MODELS = {"erlang_a": "Erlang A (callers hang up)", "erlang_c": "Erlang C (nobody hangs up)"}
VARIANTS = {
    "sl_offered": "answered in time / offered",
    "sl_handled": "answered in time / answered",
    "sl_abandon_counts": "abandoned in time count as served",
    "sl_excl_short_abandon": "abandoned in time are left out",
    "sl_short_counts": "short abandons count as served",
    "sl_excl_short": "short abandons are left out",
}
