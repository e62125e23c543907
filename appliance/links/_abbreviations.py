"""The short keys of discovery payloads, for the keys that are read here; others need no long name.

Source: https://www.home-assistant.io/integrations/mqtt/#discovery-messages
"""

from __future__ import annotations

from typing import Any

_TOP = """
avty availability | avty_mode availability_mode | avty_t availability_topic | avty_tpl availability_template
cmps components | cmp components | dev device | o origin | p platform | name name | uniq_id unique_id | obj_id object_id
def_ent_id default_entity_id | en enabled_by_default | ent_cat entity_category | dev_cla device_class | unit_of_meas
unit_of_measurement | ops options | opt optimistic | ret retain | t topic | e encoding
cmd_t command_topic | cmd_tpl command_template | stat_t state_topic | stat_tpl state_template | val_tpl value_template
stat_val_tpl state_value_template | cmd_on_tpl command_on_template | cmd_off_tpl command_off_template
pl_avail payload_available | pl_not_avail payload_not_available | pl_on payload_on | pl_off payload_off | pl_open payload_open
pl_cls payload_close | pl_stop payload_stop | pl_lock payload_lock | pl_unlk payload_unlock | pl_prs payload_press
pl_strt payload_start | pl_paus payload_pause | pl_ret payload_return_to_base | pl_rst_pct payload_reset_percentage
stat_on state_on | stat_off state_off | stat_open state_open | stat_opening state_opening | stat_clsd state_closed
stat_closing state_closing | stat_stopped state_stopped | stat_locked state_locked | stat_unlocked state_unlocked
stat_locking state_locking | stat_unlocking state_unlocking | stat_jam state_jammed | cod_form code_format
bri_cmd_t brightness_command_topic | bri_cmd_tpl brightness_command_template | bri_scl brightness_scale
bri_stat_t brightness_state_topic | bri_val_tpl brightness_value_template | bri_tpl brightness_template
on_cmd_type on_command_type | sup_clrm supported_color_modes | clrm color_mode
rgb_cmd_t rgb_command_topic | rgb_cmd_tpl rgb_command_template | rgb_stat_t rgb_state_topic | rgb_val_tpl rgb_value_template
hs_cmd_t hs_command_topic | hs_cmd_tpl hs_command_template | hs_stat_t hs_state_topic | hs_val_tpl hs_value_template
xy_cmd_t xy_command_topic | xy_cmd_tpl xy_command_template | xy_stat_t xy_state_topic | xy_val_tpl xy_value_template
clr_temp_cmd_t color_temp_command_topic | clr_temp_cmd_tpl color_temp_command_template | clr_temp_stat_t color_temp_state_topic
clr_temp_val_tpl color_temp_value_template | clr_temp_tpl color_temp_template | clr_temp_k color_temp_kelvin
r_tpl red_template | g_tpl green_template | b_tpl blue_template
pos_t position_topic | pos_tpl position_template | pos_open position_open | pos_clsd position_closed
set_pos_t set_position_topic | set_pos_tpl set_position_template
pct_cmd_t percentage_command_topic | pct_cmd_tpl percentage_command_template | pct_stat_t percentage_state_topic
pct_val_tpl percentage_value_template | spd_rng_min speed_range_min | spd_rng_max speed_range_max
mode_cmd_t mode_command_topic | mode_cmd_tpl mode_command_template | mode_stat_t mode_state_topic
mode_stat_tpl mode_state_template | modes modes | pow_cmd_t power_command_topic | pow_cmd_tpl power_command_template
temp_cmd_t temperature_command_topic | temp_cmd_tpl temperature_command_template | temp_stat_t temperature_state_topic
temp_stat_tpl temperature_state_template | curr_temp_t current_temperature_topic
curr_temp_tpl current_temperature_template | temp_unit temperature_unit | sup_feat supported_features
"""
_DEVICE = """
cns connections | cu configuration_url | ids identifiers | name name | mf manufacturer | mdl model | mdl_id model_id
hw hw_version | sw sw_version | sa suggested_area | sn serial_number
"""
_ORIGIN = "name name | sw sw_version | url support_url"


def _table(text: str) -> dict[str, str]:
    pairs = " ".join(text.split()).replace(" | ", " ").split(" ")
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


TOP, DEVICE, ORIGIN = _table(_TOP), _table(_DEVICE), _table(_ORIGIN)
BASE = "~"


def expand(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a payload with long keys and whole topics; `~` stands for the base topic, at either end of a topic."""
    found = _renamed(payload, TOP)
    for key, table in (("device", DEVICE), ("origin", ORIGIN)):
        if isinstance(found.get(key), dict):
            found[key] = _renamed(found[key], table)
    base = found.pop(BASE, None)
    listed = found.get("availability")
    listed = [listed] if isinstance(listed, dict) else listed
    if isinstance(listed, list):
        listed = found["availability"] = [_renamed(one, TOP) if isinstance(one, dict) else one for one in listed]
    if isinstance(base, str):
        for table in (found, *(listed if isinstance(listed, list) else ())):
            if isinstance(table, dict):
                _put_base(table, base)
    return found


def _renamed(table: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(key, key): value for key, value in table.items()}


def _put_base(table: dict[str, Any], base: str) -> None:
    for key, value in table.items():
        if isinstance(value, str) and (key == "topic" or key.endswith("_topic")):
            if value.startswith(BASE):
                value = base + value[1:]
            if value.endswith(BASE):
                value = value[:-1] + base
            table[key] = value
