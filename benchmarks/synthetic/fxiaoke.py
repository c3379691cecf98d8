"""纷享销客, 客户: companies, the accounts of the sales department."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.synthetic.cells import (
    Cells,
    owner_cells,
    phone_cells,
    same,
    time_cells,
)
from benchmarks.synthetic.export import Export
from benchmarks.synthetic.names import Objects, digits, draw, objects, zipf

__all__ = ["CUSTOMERS"]


def _account_numbers(rng: np.random.Generator, rows: pd.DataFrame) -> Objects:
    serial = np.cumsum(rng.integers(1, 4, len(rows)))
    numbers: Objects = "KH" + digits(4)[serial // 10**4] + digits(4)[serial % 10**4]
    return numbers


def _fxiaoke_customers(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    owner, blank = owner_cells(rng, rows), same("", rows)
    level = draw(rng, (objects(["重点客户", "普通客户", "潜在客户"]), np.array([0.2, 0.5, 0.3])), len(rows))
    created, modified = time_cells(rows, "created", "plain"), time_cells(rows, "modified", "plain")
    return {
        "客户名称": rows["company_name"].to_numpy(),
        "客户编号": rows["source_id"].to_numpy(),
        "客户类型": same("企业客户", rows),
        "客户分类": level,
        "客户来源": draw(rng, (objects(["自主开发", "市场活动", "转介绍", "官网注册"]), zipf(4, 0.5)), len(rows)),
        "成交状态": draw(rng, (objects(["已成交", "未成交"]), np.array([0.4, 0.6])), len(rows)),
        "1级": rows["industry"].to_numpy(),
        "2级": blank,
        "电话": phone_cells(rows, "landline", 1),
        "邮件": rows["email"].to_numpy(),
        "网址": rows["website"].to_numpy(),
        "国家": rows["country"].to_numpy(),
        "省": rows["state"].to_numpy(),
        "市": rows["city"].to_numpy(),
        "区": rows["district"].to_numpy(),
        "统一社会信用代码": rows["tax_id"].to_numpy(),
        "上级客户": np.where(rng.random(len(rows)) < 0.6, rows["parent"], ""),
        "负责人": owner,
        "负责人主属部门": np.where(rows["language"] == "zh", "华东销售部", "海外销售部").astype(object),
        "生命状态": same("正常", rows),
        "锁定状态": same("未锁定", rows),
        "创建人": owner,
        "创建时间": created,
        "最后修改人": owner,
        "最后修改时间": modified,
    }


CUSTOMERS = Export(
    source="accounts",
    stem="sales_fxiaoke_customers",
    form="workbook",
    identify=_account_numbers,
    cells=_fxiaoke_customers,
    id_header="客户编号",
    long_header="客户名称",
)
