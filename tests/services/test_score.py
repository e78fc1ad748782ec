"""Shares, their ranges, order and calibration."""

from __future__ import annotations

import pytest

from ragdesk.services.score import (
    Bin,
    auroc,
    auroc_range,
    bins_of,
    calibration_error,
    quantile,
    wilson,
)


def test_calibration_error() -> None:
    assert calibration_error([]) is None
    assert calibration_error([(0.75, True)] * 3 + [(0.75, False)]) == 0.0
    assert calibration_error([(1.0, False), (0.0, False)]) == 0.5
    # 0.2 apart over three questions of one bin, 0.4 over one of another
    assert calibration_error([(0.8, True)] * 3 + [(0.4, False)]) == pytest.approx(0.25)


def test_bins_are_ten_and_the_empty_ones_are_left_out() -> None:
    bins = bins_of([(0.0, False), (0.09, True), (0.95, True), (1.0, True)])
    assert bins == [Bin(0.0, 2, pytest.approx(0.045), 0.5), Bin(0.9, 2, pytest.approx(0.975), 1.0)]
    assert bins_of([]) == []


def test_the_range_of_a_share_is_wilsons() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I: method 3
    assert wilson([True] * 81 + [False] * 182) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson([True] * 15 + [False] * 133) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson([False] * 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson([True] * 29 + [False]) == pytest.approx((0.8333, 0.9941), abs=1e-4)
    assert wilson([]) is None


def test_auroc_is_the_share_of_pairs_in_order() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2, 0.3]) == 1.0
    assert auroc([0.1], [0.9]) == 0.0
    assert auroc([0.5, 0.9], [0.5, 0.7]) == pytest.approx((0.5 + 0 + 1 + 1) / 4)
    assert auroc([], [0.5]) is None
    assert auroc([0.5], []) is None


def test_the_range_of_an_auroc_narrows_with_more_questions() -> None:
    few, many = auroc_range([0.9, 0.4], [0.5, 0.1]), auroc_range([0.9, 0.4] * 50, [0.5, 0.1] * 50)
    assert few is not None
    assert many is not None
    assert few[0] < many[0] < 0.75 < many[1] < few[1]
    # by hand: q1 = 0.6, q2 = 9/14, area = 3/4, of 100 and 100
    spread = (0.75 * 0.25 + 99 * (0.6 - 0.5625) + 99 * (1.125 / 1.75 - 0.5625)) / 10_000
    assert many == pytest.approx(
        (0.75 - 1.959964 * spread**0.5, 0.75 + 1.959964 * spread**0.5), abs=1e-4
    )
    assert auroc_range([1.0], []) is None


def test_a_quantile_is_one_of_the_values() -> None:
    assert quantile([3.0, 1.0, 2.0, 4.0], 0.5) == 2.0
    assert quantile([1.0, 2.0], 0.95) == 2.0
    assert quantile([], 0.5) is None
