"""What Chinese companies do, in the words that stand in their names, and how their English names say it.

The words are those of the classification of national economic activities (国民经济行业分类, GB/T 4754) as registered
names shorten them.
"""

from __future__ import annotations

from typing import Final

__all__ = ["TRADES", "TRADES_IN_ENGLISH"]

_WORDS: Final = (
    "科技 技术 信息 网络 软件 数据 智能 电子 电器 电气 电力 电缆 电线 电源 电池 电机 光电 光学 光伏 半导体 "
    "集成电路 芯片 通信 通讯 互联网 系统 系统集成 自动化 机器人 仪器 仪表 传感器 安防 物联网 云计算 人工智能 "
    "数码 计算机 电脑 电商 电子商务 在线 游戏 动漫 贸易 商贸 工贸 经贸 外贸 进出口 国际 国际贸易 商业 商务 零售 "
    "批发 百货 超市 连锁 销售 供应链 电子科技 实业 工业 产业 企业 事业 发展 开发 制造 加工 生产 建设 股份 集团 "
    "控股 投资 资产 资本 基金 证券 期货 信托 保险 担保 租赁 融资租赁 小额贷款 典当 金融 银行 财务 会计 税务 管理 "
    "企业管理 投资管理 资产管理 物业管理 餐饮管理 酒店管理 管理咨询 咨询 信息咨询 教育咨询 企业咨询 服务 "
    "技术服务 信息技术 信息服务 顾问 策划 营销 推广 代理 经纪 中介 拍卖 评估 检测 认证 认证服务 检验 监理 勘察 "
    "设计 规划 测绘 工程 建筑 建筑工程 建设工程 装饰 装饰工程 装修 装潢 园林 绿化 景观 市政 路桥 水利 消防 防水 "
    "钢结构 幕墙 安装 机电 暖通 空调 制冷 房地产 置业 地产 房地产开发 物业 机械 机械设备 设备 重工 装备 机床 "
    "模具 五金 工具 金属 钢铁 铝业 铜业 有色金属 铸造 锻造 轴承 阀门 泵业 水泵 压缩机 电梯 起重 液压 精密 材料 "
    "新材料 建材 建筑材料 水泥 混凝土 陶瓷 玻璃 石材 木业 门窗 家具 家居 灯饰 照明 洁具 卫浴 厨具 化工 化学 石化 "
    "石油 石油化工 天然气 燃气 能源 新能源 煤炭 煤业 矿业 矿产 环保 环境 环境工程 水务 节能 再生资源 橡胶 塑料 "
    "塑胶 塑业 涂料 油漆 颜料 农药 化肥 肥业 生物 生物科技 生物技术 医药 药业 制药 医疗 医疗器械 器械 医疗科技 "
    "健康 健康管理 保健 医院 诊所 口腔 药房 大药房 美容 美发 化妆品 日化 食品 饮料 酒业 酒店 宾馆 茶业 茶叶 粮油 "
    "粮食 面粉 乳业 水产 肉类 调味品 餐饮 饮食 餐厅 酒楼 农业 农业科技 牧业 渔业 林业 种业 饲料 养殖 畜牧 果业 "
    "蔬菜 花卉 纺织 服装 服饰 制衣 针织 印染 鞋业 皮革 皮具 箱包 家纺 羽绒 工艺品 礼品 玩具 珠宝 首饰 黄金 眼镜 "
    "钟表 乐器 体育 体育用品 体育文化 文化 文化传媒 文化传播 传媒 传播 广告 影视 影业 影视文化 出版 印刷 印务 "
    "包装 纸业 纸品 文具 办公用品 图文 会展 会展服务 展览 演艺 艺术 摄影 教育 教育科技 培训 学校 幼儿园 学院 "
    "大学 中学 小学 留学 旅游 旅行社 国际旅行社 航空 航运 航天 船舶 海运 物流 运输 货运 快递 速递 仓储 货运代理 "
    "国际物流 国际货运代理 港口 交通 汽车 汽车销售 汽车销售服务 汽车服务 汽车配件 汽配 汽车零部件 汽车租赁 "
    "摩托车 电动车 自行车 轮胎 客运 出租汽车 人力资源 人力资源服务 劳务 劳务派遣 家政 家政服务 保洁 保安 "
    "保安服务 知识产权 律师事务所 会计师事务所 事务所 工作室 商行 商店 经营部 门市部 合作社 专业合作社 "
    "农民专业合作社 加工厂 工厂 制品 用品 配件 零部件 标准件 元件 器材 耗材 科学 研究院 研究所 设计院 中心 "
    "服务中心 电视 广播 新闻 日用品 百货商场 商场 购物中心 母婴 婴童 宠物 生态 生态农业 园艺 热力 供热 自来水 "
    "仪表仪器 仪器仪表 测控 控制 驱动 变压器 开关 电器设备 微电子"
)
TRADES: Final = tuple(_WORDS.split())
"""Words of trades, legal structures included (集团, 股份), without an order."""

_ENGLISH: Final = (
    "科技 technology tech; 技术 technology; 信息技术 information technology; 网络 network; 软件 software; "
    "电子 electronics electronic; 电器 electric appliance; 电气 electric electrical; "
    "通信 communication communications; 通讯 communication communications telecom; 贸易 trading trade; "
    "商贸 trading commerce commercial; 进出口 import export; 国际贸易 international trading trade; "
    "国际 international; 实业 industrial industry; 工业 industrial industry industries; 集团 group; "
    "控股 holding holdings; 投资 investment; 发展 development; 管理 management; 咨询 consulting consultancy; "
    "服务 service services; 工程 engineering; 建筑 construction architecture; 装饰 decoration; "
    "装饰工程 decoration engineering; 机械 machinery; 机械设备 machinery equipment; 设备 equipment; "
    "精密 precision; 五金 hardware; 模具 mould mold; 材料 materials material; 新材料 materials; "
    "建材 building materials; 化工 chemical chemicals; 石油 petroleum oil; 能源 energy; 新能源 energy; "
    "环保 environmental; 生物 biological bio; 生物科技 biotechnology biotech; 医药 pharmaceutical medicine; "
    "药业 pharmaceutical; 制药 pharmaceutical; 医疗器械 medical instruments devices; 医疗 medical; "
    "健康 health; "
    "食品 food foods; 餐饮管理 catering management; 餐饮 catering; 酒店 hotel; 农业 agriculture agricultural; "
    "纺织 textile textiles; 服装 garment garments clothing apparel; 服饰 garment garments apparel; "
    "鞋业 shoes footwear; 家具 furniture; 照明 lighting; 文化 culture cultural; 文化传媒 culture media; "
    "文化传播 culture communication; 传媒 media; 广告 advertising; 印刷 printing; 包装 packaging packing; "
    "教育 education; 教育咨询 education consulting; 教育科技 education technology; 旅游 tourism travel; "
    "物流 logistics; 运输 transportation transport; 货运代理 freight forwarding; "
    "汽车 automobile auto automotive; 汽车配件 auto parts; 汽车零部件 auto parts; 人力资源 human resources; "
    "银行 bank; 保险 insurance; 证券 securities; 房地产 real estate; 地产 real estate; 物业 property; "
    "玩具 toys toy; 体育用品 sports; 塑料 plastic plastics; 橡胶 rubber; 仪器 instrument instruments; "
    "光电 optoelectronics photoelectric; 半导体 semiconductor; 自动化 automation; 智能 intelligent smart; "
    "智能科技 intelligent technology; 航空 airlines aviation; 制造 manufacturing; 股份 shares"
)
TRADES_IN_ENGLISH: Final = {trade: frozenset(words) for trade, *words in map(str.split, _ENGLISH.split("; "))}
"""A trade → the English words for it, any of which may stand for it."""
