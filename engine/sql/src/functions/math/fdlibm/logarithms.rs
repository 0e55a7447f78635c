//! Logarithms (`e_log.c`, `e_log10.c`, `s_log1p.c`).

use super::{high, with_high};

const LN2_HIGH: f64 = 6.931_471_803_691_238_164_90e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_700_02e-10;
const TWO_54: f64 = 18_014_398_509_481_984.0;

/// The coefficients of log((1 + s) / (1 - s)).
const L: [f64; 7] = [
    6.666_666_666_666_735_130e-1,
    3.999_999_999_940_941_908e-1,
    2.857_142_874_366_239_149e-1,
    2.222_219_843_214_978_396e-1,
    1.818_357_216_161_805_012e-1,
    1.531_383_769_920_937_332e-1,
    1.479_819_860_511_658_591e-1,
];

/// A number that is none, or that has no logarithm or an infinite one.
fn special(number: f64) -> Option<f64> {
    if number == 0.0 {
        Some(f64::NEG_INFINITY)
    } else if number < 0.0 {
        Some(f64::NAN)
    } else if !number.is_finite() {
        Some(number)
    } else {
        None
    }
}

pub(in super::super) fn log(number: f64) -> f64 {
    if let Some(special) = special(number) {
        return special;
    }
    let mut x = number;
    let mut k = 0;
    if high(x) < 0x0010_0000 {
        k -= 54;
        x *= TWO_54;
    }
    let mut hx = high(x);
    k += (hx >> 20) - 1023;
    hx &= 0xf_ffff;
    let carry = (hx + 0x9_5f64) & 0x10_0000;
    x = with_high(x, hx | (carry ^ 0x3ff0_0000));
    k += carry >> 20;
    let f = x - 1.0;
    let dk = f64::from(k);
    if (0xf_ffff & (2 + hx)) < 3 {
        if f == 0.0 {
            return dk * LN2_HIGH + dk * LN2_LOW;
        }
        let r = f * f * (0.5 - 0.333_333_333_333_333_33 * f);
        return if k == 0 {
            f - r
        } else {
            dk * LN2_HIGH - ((r - dk * LN2_LOW) - f)
        };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let t1 = w * (L[1] + w * (L[3] + w * L[5]));
    let t2 = z * (L[0] + w * (L[2] + w * (L[4] + w * L[6])));
    let r = t2 + t1;
    if ((hx - 0x6_147a) | (0x6_b851 - hx)) > 0 {
        let half = 0.5 * f * f;
        if k == 0 {
            f - (half - s * (half + r))
        } else {
            dk * LN2_HIGH - ((half - (s * (half + r) + dk * LN2_LOW)) - f)
        }
    } else if k == 0 {
        f - s * (f - r)
    } else {
        dk * LN2_HIGH - ((s * (f - r) - dk * LN2_LOW) - f)
    }
}

pub(in super::super) fn log10(number: f64) -> f64 {
    const INVERSE_LN10: f64 = 4.342_944_819_032_518_166_68e-1;
    const LOG10_2_HIGH: f64 = 3.010_299_956_636_117_713_06e-1;
    const LOG10_2_LOW: f64 = 3.694_239_077_158_930_786_16e-13;
    if let Some(special) = special(number) {
        return special;
    }
    let mut x = number;
    let mut k = 0;
    if high(x) < 0x0010_0000 {
        k -= 54;
        x *= TWO_54;
    }
    let hx = high(x);
    k += (hx >> 20) - 1023;
    let i = i32::from(k < 0);
    let y = f64::from(k + i);
    x = with_high(x, (hx & 0xf_ffff) | ((0x3ff - i) << 20));
    let z = y * LOG10_2_LOW + INVERSE_LN10 * log(x);
    z + y * LOG10_2_HIGH
}

/// The logarithm of a number plus 1.
pub(in super::super) fn log1p(x: f64) -> f64 {
    let hx = high(x);
    let size = hx & 0x7fff_ffff;
    let mut k = 1;
    let mut f = 0.0;
    let mut hu = 1;
    let mut c = 0.0;
    if hx < 0x3fda_827a {
        if size >= 0x3ff0_0000 {
            return if x == -1.0 {
                f64::NEG_INFINITY
            } else {
                f64::NAN
            };
        }
        if size < 0x3e20_0000 {
            return if size < 0x3c90_0000 {
                x
            } else {
                x - x * x * 0.5
            };
        }
        if hx > 0 || hx <= 0xbfd2_bec3_u32.cast_signed() {
            (k, f) = (0, x);
        }
    }
    if hx >= 0x7ff0_0000 {
        return x + x;
    }
    if k != 0 {
        (k, f, hu, c) = reduced(x, hx);
    }
    let dk = f64::from(k);
    let half = 0.5 * f * f;
    let high = dk * LN2_HIGH;
    let low = dk * LN2_LOW + c;
    if hu == 0 {
        if f == 0.0 {
            return if k == 0 { 0.0 } else { high + low };
        }
        let r = half * (1.0 - 0.666_666_666_666_666_66 * f);
        return if k == 0 {
            f - r
        } else {
            high - ((r - low) - f)
        };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z * (L[0] + z * (L[1] + z * (L[2] + z * (L[3] + z * (L[4] + z * (L[5] + z * L[6]))))));
    if k == 0 {
        f - (half - s * (half + r))
    } else {
        high - ((half - (s * (half + r) + low)) - f)
    }
}

/// A number plus 1 as 2^k * (1 + f), the high bits of f, and what the sum has lost.
fn reduced(x: f64, hx: i32) -> (i32, f64, i32, f64) {
    let mut u = x;
    let mut c = 0.0;
    let mut k = (hx >> 20) - 1023;
    if hx < 0x4340_0000 {
        u = 1.0 + x;
        k = (high(u) >> 20) - 1023;
        c = if k > 0 { 1.0 - (u - x) } else { x - (u - 1.0) };
        c /= u;
    }
    let mut hu = high(u) & 0xf_ffff;
    if hu < 0x6_a09e {
        u = with_high(u, hu | 0x3ff0_0000);
    } else {
        k += 1;
        u = with_high(u, hu | 0x3fe0_0000);
        hu = (0x10_0000 - hu) >> 2;
    }
    (k, u - 1.0, hu, c)
}
