BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE crosswalk_version (
	record_key TEXT NOT NULL, 
	valid_from INTEGER NOT NULL, 
	valid_to INTEGER, 
	golden_id TEXT NOT NULL, 
	PRIMARY KEY (record_key, valid_from)
)
 WITHOUT ROWID

;
INSERT INTO "crosswalk_version" VALUES('sales:1',1,NULL,'GD874SG4NTQ2R0');
INSERT INTO "crosswalk_version" VALUES('sales:2',1,NULL,'GER5GVP28KH7SC');
INSERT INTO "crosswalk_version" VALUES('service:a',1,NULL,'GD874SG4NTQ2R0');
CREATE TABLE customer_version (
	golden_id TEXT NOT NULL, 
	valid_from INTEGER NOT NULL, 
	valid_to INTEGER, 
	kind TEXT, 
	display_name TEXT, 
	full_name TEXT, 
	salutation TEXT, 
	given_name TEXT, 
	middle_name TEXT, 
	family_name TEXT, 
	company_name TEXT, 
	job_title TEXT, 
	department TEXT, 
	industry TEXT, 
	tax_id TEXT, 
	registration_number TEXT, 
	national_id TEXT, 
	external_id TEXT, 
	birth_date TEXT, 
	gender TEXT, 
	language TEXT, 
	phone TEXT, 
	mobile TEXT, 
	other_phone TEXT, 
	email TEXT, 
	other_email TEXT, 
	website TEXT, 
	street TEXT, 
	district TEXT, 
	city TEXT, 
	state TEXT, 
	postcode TEXT, 
	country TEXT, 
	consent_email TEXT, 
	consent_email_at TEXT, 
	consent_phone TEXT, 
	consent_phone_at TEXT, 
	consent_sms TEXT, 
	consent_sms_at TEXT, 
	owner TEXT, 
	account_id TEXT, 
	parent_id TEXT, 
	created_at TEXT, 
	updated_at TEXT, 
	phones TEXT, 
	emails TEXT, 
	record_count INTEGER, 
	sources TEXT, 
	lineage_records TEXT, 
	lineage TEXT, 
	PRIMARY KEY (golden_id, valid_from)
);
INSERT INTO "customer_version" VALUES('GD874SG4NTQ2R0',1,NULL,'person','Ada Byron',NULL,NULL,'Ada',NULL,'Byron',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'020 7946 0001',NULL,NULL,'ada@example.org',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'denied',NULL,NULL,NULL,NULL,NULL,NULL,'2',NULL,NULL,'2026-02-01T00:00:00Z','["020 7946 0001"]','["ada@example.org"]',2,'sales,service','["sales:1","service:a"]','0o....0w..0w......................0o....1o................1u............0o....1o');
INSERT INTO "customer_version" VALUES('GER5GVP28KH7SC',1,2,'company','归一科技',NULL,NULL,NULL,NULL,NULL,'归一科技',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'info@example.cn',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["info@example.cn"]',1,'sales','["sales:2"]','*');
INSERT INTO "customer_version" VALUES('GER5GVP28KH7SC',2,NULL,'company','归一科技',NULL,NULL,NULL,NULL,NULL,'归一科技',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'office@example.cn',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["office@example.cn"]',1,'sales','["sales:2"]','*');
CREATE TABLE evidence_version (
	left_key TEXT NOT NULL, 
	right_key TEXT NOT NULL, 
	valid_from INTEGER NOT NULL, 
	valid_to INTEGER, 
	match_weight FLOAT NOT NULL, 
	match_probability FLOAT NOT NULL, 
	pattern_id INTEGER NOT NULL, 
	PRIMARY KEY (left_key, right_key, valid_from)
)
 WITHOUT ROWID

;
INSERT INTO "evidence_version" VALUES('sales:1','service:a',1,NULL,12.5,9.99000012874603271484e-01,1);
CREATE TABLE golden_identity (
	golden_id TEXT NOT NULL, 
	issued_in INTEGER NOT NULL, 
	alias_of TEXT, 
	retired_in INTEGER, 
	PRIMARY KEY (golden_id)
)
 WITHOUT ROWID

;
INSERT INTO "golden_identity" VALUES('GD874SG4NTQ2R0',1,NULL,NULL);
INSERT INTO "golden_identity" VALUES('GER5GVP28KH7SC',1,NULL,NULL);
CREATE TABLE identity_change (
	publication_id INTEGER NOT NULL, 
	golden_id TEXT NOT NULL, 
	event TEXT NOT NULL, 
	other_id TEXT, 
	records INTEGER NOT NULL
);
CREATE TABLE match_pattern (
	pattern_id INTEGER NOT NULL, 
	levels TEXT NOT NULL, 
	PRIMARY KEY (pattern_id), 
	UNIQUE (levels)
);
INSERT INTO "match_pattern" VALUES(1,'{"given_name": "exact"}');
CREATE TABLE model (
	model_id TEXT NOT NULL, 
	created_at TEXT, 
	parameters TEXT, 
	PRIMARY KEY (model_id)
);
INSERT INTO "model" VALUES('model-1','2026-11-01T02:01:00Z','{"merge_at": 0.9}');
CREATE TABLE pointer (
	one INTEGER NOT NULL, 
	publication_id INTEGER NOT NULL, 
	PRIMARY KEY (one)
);
INSERT INTO "pointer" VALUES(1,2);
CREATE TABLE publication (
	publication_id INTEGER NOT NULL, 
	run_id TEXT NOT NULL, 
	parent_id INTEGER, 
	published_at TEXT NOT NULL, 
	plan_hash TEXT, 
	inputs_hash TEXT, 
	model_id TEXT, 
	snapshot TEXT, 
	records INTEGER, 
	customers INTEGER, 
	created INTEGER, 
	kept INTEGER, 
	grown INTEGER, 
	merged INTEGER, 
	split INTEGER, 
	shrunk INTEGER, 
	returned INTEGER, 
	retired INTEGER, 
	pinned INTEGER NOT NULL, 
	PRIMARY KEY (publication_id)
);
INSERT INTO "publication" VALUES(1,'run-1',NULL,'2026-11-01T02:01:00Z',NULL,NULL,'model-1',NULL,3,2,2,0,0,0,0,0,0,0,0);
INSERT INTO "publication" VALUES(2,'run-2',1,'2026-11-02T02:01:00Z',NULL,NULL,'model-1',NULL,3,2,0,2,0,0,0,0,0,0,0);
CREATE TABLE quarantine (
	run_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	line INTEGER, 
	reasons TEXT, 
	raw TEXT
);
INSERT INTO "quarantine" VALUES('run-1','sales',9,'missing_id','{"Name": "x"}');
CREATE TABLE run (
	run_id TEXT NOT NULL, 
	started_at TEXT, 
	finished_at TEXT, 
	status TEXT, 
	command TEXT, 
	logic_version TEXT, 
	plan_hash TEXT, 
	error TEXT, 
	publication_id INTEGER, 
	stages TEXT, 
	PRIMARY KEY (run_id)
);
INSERT INTO "run" VALUES('run-1','2026-11-01T02:00:00Z',NULL,'published','run',NULL,NULL,NULL,1,NULL);
INSERT INTO "run" VALUES('run-2','2026-11-02T02:00:00Z',NULL,'published','run',NULL,NULL,NULL,2,NULL);
CREATE TABLE run_source (
	run_id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	department TEXT, 
	file TEXT, 
	format TEXT, 
	encoding TEXT, 
	delimiter TEXT, 
	content_hash TEXT, 
	rows_read INTEGER NOT NULL, 
	accepted INTEGER NOT NULL, 
	quarantined INTEGER NOT NULL, 
	superseded INTEGER NOT NULL, 
	deleted INTEGER NOT NULL, 
	erased INTEGER NOT NULL, 
	warned INTEGER NOT NULL, 
	PRIMARY KEY (run_id, source)
);
INSERT INTO "run_source" VALUES('run-1','sales','sales','exports/sales.csv','csv','utf-8',',','c0ffee',3,2,1,0,0,0,0);
INSERT INTO "run_source" VALUES('run-1','service','service','exports/service.jsonl','jsonl','utf-8',NULL,'beef',1,1,0,0,0,0,0);
INSERT INTO "run_source" VALUES('run-2','sales','sales','exports/sales.csv','csv','utf-8',',','c0ffee',2,2,0,0,0,0,0);
INSERT INTO "run_source" VALUES('run-2','service','service','exports/service.jsonl','jsonl','utf-8',NULL,'beef',1,1,0,0,0,0,0);
CREATE TABLE source_record (
	record_key TEXT NOT NULL, 
	valid_from INTEGER NOT NULL, 
	valid_to INTEGER, 
	source TEXT, 
	source_id TEXT, 
	line INTEGER, 
	kind TEXT, 
	full_name TEXT, 
	salutation TEXT, 
	given_name TEXT, 
	middle_name TEXT, 
	family_name TEXT, 
	company_name TEXT, 
	job_title TEXT, 
	department TEXT, 
	industry TEXT, 
	tax_id TEXT, 
	registration_number TEXT, 
	national_id TEXT, 
	external_id TEXT, 
	birth_date TEXT, 
	gender TEXT, 
	language TEXT, 
	phone TEXT, 
	mobile TEXT, 
	other_phone TEXT, 
	email TEXT, 
	other_email TEXT, 
	website TEXT, 
	street TEXT, 
	district TEXT, 
	city TEXT, 
	state TEXT, 
	postcode TEXT, 
	country TEXT, 
	consent_email TEXT, 
	consent_email_at TEXT, 
	consent_phone TEXT, 
	consent_phone_at TEXT, 
	consent_sms TEXT, 
	consent_sms_at TEXT, 
	owner TEXT, 
	account_id TEXT, 
	parent_id TEXT, 
	created_at TEXT, 
	updated_at TEXT, 
	extra TEXT, 
	PRIMARY KEY (record_key, valid_from)
);
INSERT INTO "source_record" VALUES('sales:1',1,NULL,'sales','1',2,'person',NULL,NULL,'Ada',NULL,'Byron',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'020 7946 0001',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'granted','2026-01-01T00:00:00Z',NULL,NULL,NULL,NULL,NULL,'2',NULL,NULL,NULL,'{"Tag": "a"}');
INSERT INTO "source_record" VALUES('sales:2',1,2,'sales','2',4,'company',NULL,NULL,NULL,NULL,NULL,'归一科技',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'info@example.cn',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "source_record" VALUES('service:a',1,NULL,'service','a',3,'person',NULL,NULL,'Ada',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'ada@example.org',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'denied',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-02-01T00:00:00Z',NULL);
INSERT INTO "source_record" VALUES('sales:2',2,NULL,'sales','2',4,'company',NULL,NULL,NULL,NULL,NULL,'归一科技',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'office@example.cn',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE warning_version (
	record_key TEXT NOT NULL, 
	attribute TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	valid_from INTEGER NOT NULL, 
	valid_to INTEGER, 
	PRIMARY KEY (record_key, attribute, reason, valid_from)
)
 WITHOUT ROWID

;
CREATE INDEX quarantine_run ON quarantine (run_id);
CREATE INDEX identity_change_golden ON identity_change (golden_id);
CREATE VIEW customer AS SELECT golden_id, kind, display_name, full_name, salutation, given_name, middle_name, family_name, company_name, job_title, department, industry, tax_id, registration_number, national_id, external_id, birth_date, gender, language, phone, mobile, other_phone, email, other_email, website, street, district, city, state, postcode, country, consent_email, consent_email_at, consent_phone, consent_phone_at, consent_sms, consent_sms_at, owner, account_id, parent_id, created_at, updated_at, phones, emails, record_count, sources FROM customer_version WHERE valid_to IS NULL;
CREATE VIEW crosswalk AS SELECT record_key, golden_id FROM crosswalk_version WHERE valid_to IS NULL;
CREATE VIEW record AS SELECT record_key, source, source_id, line, kind, full_name, salutation, given_name, middle_name, family_name, company_name, job_title, department, industry, tax_id, registration_number, national_id, external_id, birth_date, gender, language, phone, mobile, other_phone, email, other_email, website, street, district, city, state, postcode, country, consent_email, consent_email_at, consent_phone, consent_phone_at, consent_sms, consent_sms_at, owner, account_id, parent_id, created_at, updated_at, extra FROM source_record WHERE valid_to IS NULL;
CREATE VIEW record_warning AS SELECT record_key, attribute, reason FROM warning_version WHERE valid_to IS NULL;
CREATE VIEW match_evidence AS SELECT e.left_key, e.right_key, e.match_weight, e.match_probability, p.levels
        FROM evidence_version e JOIN match_pattern p ON p.pattern_id = e.pattern_id WHERE e.valid_to IS NULL;
CREATE VIEW customer_contact AS SELECT c.golden_id, 'phone' AS channel, e.value AS value, e.key + 1 AS rank FROM customer_version c, json_each(c.phones) e WHERE c.valid_to IS NULL AND c.phones IS NOT NULL UNION ALL SELECT c.golden_id, 'email' AS channel, e.value AS value, e.key + 1 AS rank FROM customer_version c, json_each(c.emails) e WHERE c.valid_to IS NULL AND c.emails IS NOT NULL;
CREATE VIEW lineage AS WITH attribute(position, name) AS (VALUES (0, 'kind'), (1, 'full_name'), (2, 'salutation'), (3, 'given_name'), (4, 'middle_name'), (5, 'family_name'), (6, 'company_name'), (7, 'job_title'), (8, 'department'), (9, 'industry'), (10, 'tax_id'), (11, 'registration_number'), (12, 'national_id'), (13, 'external_id'), (14, 'birth_date'), (15, 'gender'), (16, 'language'), (17, 'phone'), (18, 'mobile'), (19, 'other_phone'), (20, 'email'), (21, 'other_email'), (22, 'website'), (23, 'street'), (24, 'district'), (25, 'city'), (26, 'state'), (27, 'postcode'), (28, 'country'), (29, 'consent_email'), (30, 'consent_email_at'), (31, 'consent_phone'), (32, 'consent_phone_at'), (33, 'consent_sms'), (34, 'consent_sms_at'), (35, 'owner'), (36, 'account_id'), (37, 'parent_id'), (38, 'created_at'), (39, 'updated_at')),
        origin AS (
            SELECT c.golden_id, a.name AS attribute, CASE a.position WHEN 0 THEN c.kind WHEN 1 THEN c.full_name WHEN 2 THEN c.salutation WHEN 3 THEN c.given_name WHEN 4 THEN c.middle_name WHEN 5 THEN c.family_name WHEN 6 THEN c.company_name WHEN 7 THEN c.job_title WHEN 8 THEN c.department WHEN 9 THEN c.industry WHEN 10 THEN c.tax_id WHEN 11 THEN c.registration_number WHEN 12 THEN c.national_id WHEN 13 THEN c.external_id WHEN 14 THEN c.birth_date WHEN 15 THEN c.gender WHEN 16 THEN c.language WHEN 17 THEN c.phone WHEN 18 THEN c.mobile WHEN 19 THEN c.other_phone WHEN 20 THEN c.email WHEN 21 THEN c.other_email WHEN 22 THEN c.website WHEN 23 THEN c.street WHEN 24 THEN c.district WHEN 25 THEN c.city WHEN 26 THEN c.state WHEN 27 THEN c.postcode WHEN 28 THEN c.country WHEN 29 THEN c.consent_email WHEN 30 THEN c.consent_email_at WHEN 31 THEN c.consent_phone WHEN 32 THEN c.consent_phone_at WHEN 33 THEN c.consent_sms WHEN 34 THEN c.consent_sms_at WHEN 35 THEN c.owner WHEN 36 THEN c.account_id WHEN 37 THEN c.parent_id WHEN 38 THEN c.created_at WHEN 39 THEN c.updated_at END AS value,
                CASE WHEN c.lineage = '*' THEN json_extract(c.lineage_records, '$[0]') WHEN instr('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(c.lineage, 2 * a.position + 1, 1)) - 1 >= 0 THEN json_extract(c.lineage_records, '$[' || (instr('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(c.lineage, 2 * a.position + 1, 1)) - 1) || ']') END AS record_key,
                CASE WHEN c.lineage = '*' THEN 'only_value'
                    ELSE CASE substr(c.lineage, 2 * a.position + 2, 1) WHEN 'o' THEN 'only_value' WHEN 'm' THEN 'manual_override' WHEN 'w' THEN 'whole' WHEN 't' THEN 'source_trust' WHEN 'r' THEN 'recency' WHEN 'f' THEN 'frequency' WHEN 'c' THEN 'completeness' WHEN 'l' THEN 'longest' WHEN 's' THEN 'smallest' WHEN 'e' THEN 'earliest' WHEN 'a' THEN 'latest' WHEN 'u' THEN 'undated_refusal' WHEN 'd' THEN 'latest_choice' WHEN 'p' THEN 'least_permissive' END END AS rule
            FROM customer_version c CROSS JOIN attribute a WHERE c.valid_to IS NULL)
        SELECT golden_id, attribute, value, record_key,
            substr(record_key, 1, instr(record_key, ':') - 1) AS source, rule
        FROM origin WHERE value IS NOT NULL;
CREATE VIEW identity_event AS SELECT i.issued_in AS publication_id, i.golden_id, 'created' AS event, NULL AS other_id,
            (SELECT COUNT(*) FROM crosswalk_version c
                WHERE c.golden_id = i.golden_id AND c.valid_from = i.issued_in) AS records
        FROM golden_identity i
        UNION ALL SELECT publication_id, golden_id, event, other_id, records FROM identity_change;
CREATE VIEW customer_as_of AS SELECT p.publication_id, p.published_at, c.golden_id, c.kind, c.display_name, c.full_name, c.salutation, c.given_name, c.middle_name, c.family_name, c.company_name, c.job_title, c.department, c.industry, c.tax_id, c.registration_number, c.national_id, c.external_id, c.birth_date, c.gender, c.language, c.phone, c.mobile, c.other_phone, c.email, c.other_email, c.website, c.street, c.district, c.city, c.state, c.postcode, c.country, c.consent_email, c.consent_email_at, c.consent_phone, c.consent_phone_at, c.consent_sms, c.consent_sms_at, c.owner, c.account_id, c.parent_id, c.created_at, c.updated_at, c.phones, c.emails, c.record_count, c.sources
        FROM publication p JOIN customer_version c ON c.valid_from <= p.publication_id
            AND (c.valid_to IS NULL OR c.valid_to > p.publication_id);
CREATE VIEW customer_changes AS SELECT n.valid_from AS publication_id, n.golden_id,
            CASE WHEN o.golden_id IS NULL THEN 'added' ELSE 'changed' END AS change
        FROM customer_version n LEFT JOIN customer_version o
            ON o.golden_id = n.golden_id AND o.valid_to = n.valid_from
        UNION ALL SELECT o.valid_to, o.golden_id, 'removed'
        FROM customer_version o LEFT JOIN customer_version n
            ON n.golden_id = o.golden_id AND n.valid_from = o.valid_to
        WHERE o.valid_to IS NOT NULL AND n.golden_id IS NULL;
CREATE INDEX crosswalk_golden ON crosswalk_version (golden_id);
COMMIT;
